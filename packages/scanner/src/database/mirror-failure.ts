/** Why a mirror gave no database that may be used. */
export type MirrorFailureReason =
  | 'not_found'
  | 'unauthorized'
  | 'rate_limited'
  | 'server_error'
  | 'network'
  | 'timeout'
  | 'disk_full'
  | 'not_a_database'
  | 'lagging'
  | 'suspicious'
  | 'trivy_failed';

export interface MirrorFailure {
  readonly repository: string;
  readonly reason: MirrorFailureReason;
  /** What exactly happened: one line without control characters. */
  readonly detail: string;
}

const TEXTS: Record<MirrorFailureReason, string> = {
  not_found: 'it has no such database',
  unauthorized: 'it refuses access',
  rate_limited: 'it limits how often it may be asked',
  server_error: 'it fails',
  network: 'it cannot be reached',
  timeout: 'it took too long',
  disk_full: 'the disk is full',
  not_a_database: 'what it has is not a usable database',
  lagging: 'what it has is not newer',
  suspicious: 'what it has is suspicious',
  trivy_failed: 'Trivy failed',
};

/** The first that fits decides: what says most comes first. */
const PATTERNS: readonly (readonly [MirrorFailureReason, RegExp])[] = [
  ['disk_full', /no space left on device|disk quota exceeded/],
  ['rate_limited', /TOOMANYREQUESTS|status code 429/],
  ['unauthorized', /UNAUTHORIZED|DENIED|status code 40[13]/],
  ['not_found', /MANIFEST_UNKNOWN|NAME_UNKNOWN|BLOB_UNKNOWN|NOT_FOUND|status code 404/],
  ['server_error', /status code 5\d\d|: (?:UNKNOWN|UNAVAILABLE): /],
  ['timeout', /context deadline exceeded|Client\.Timeout|i\/o timeout|TLS handshake timeout/],
  ['network', /dial tcp|no such host|connection re(?:fused|set)|unexpected EOF|: EOF\b|x509:|tls:|proxyconnect/],
  [
    'not_a_database',
    /unacceptable media type|is missing|invalid filename|single layer|invalid character|unmarshal|gzip:|flate:|archive\/tar|verifying|unsupported|metadata/,
  ],
];

const DETAIL_LENGTH = 300;

/** Reads from what Trivy said why a download failed. */
export const failureFromTrivy = (repository: string, stderr: string): MirrorFailure => {
  const text = endOf(stderr);
  const reason = PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'trivy_failed';
  return mirrorFailure(repository, reason, text);
};

export const mirrorFailure = (repository: string, reason: MirrorFailureReason, detail: string): MirrorFailure => ({
  repository,
  reason,
  detail: toLine(detail),
});

/** As one sentence for people. */
export const describeFailure = ({ repository, reason, detail }: MirrorFailure): string =>
  `${repository}: ${TEXTS[reason]}${detail === '' ? '' : ` (${detail})`}`;

/** One line of what Trivy said last. */
export const lastWords = (stderr: string): string => toLine(endOf(stderr));

/** Its fatal error without the chain of where it went through, or the head of a crash. */
const endOf = (stderr: string): string => {
  const fatal = stderr.lastIndexOf('\tFATAL\t');
  if (fatal !== -1) return withoutChain(stderr.slice(fatal + '\tFATAL\t'.length));
  const crash = stderr.search(/^(?:panic|fatal error|unexpected fault address)\b/m);
  return crash === -1 ? stderr.slice(-DETAIL_LENGTH) : stderr.slice(crash);
};

const withoutChain = (text: string): string =>
  text
    .replace(/^Fatal error\t/, '')
    .replace(/^run error: .*?failed to download artifact from (?:any source|\S+): /, '')
    .replace(/Get "https:\S+": http: server gave HTTP response to HTTPS client; /, '')
    .replaceAll(/(?:OCI repository error: )?1 error occurred:\s*\* /g, '');

const toLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length <= DETAIL_LENGTH ? line : `${line.slice(0, DETAIL_LENGTH)}…`;
};
