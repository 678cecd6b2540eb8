import { TRUST_ADVICE } from '@scanner/core';
import type { FailureCode, ScanSubject } from '@scanner/core';

/**
 * What another try could be worth: none; the same once more; a few after a pause; one with nothing else running
 * and little memory; one that leaves out Java archives, or the system's packages.
 */
export type Retry = 'never' | 'once' | 'backoff' | 'alone' | 'without_java' | 'without_system';

/** What a text in Trivy's last words means. */
export interface FailureText {
  readonly text: RegExp;
  readonly code: FailureCode;
  readonly says: string;
  readonly retry?: Retry;
  /** Every other image would fail in the same way. */
  readonly blocks?: true;
  /** Only there can it be meant. */
  readonly source?: ScanSubject['source'];
  /** Only said before anything of the image is read: what an image holds must not pass for the word of an engine. */
  readonly stage?: RegExp;
}

const DATABASE = /^(?:run error: )?init error: DB error: /;
const MATCHING = /^(?:run error: )?image scan error: scan error: scan failed: .{0,256}unable to scan OS packages: /;
const OPENING = /^(?:run error: )?image scan error: scan error: unable to initialize a scan/;

/** Red Hat's advisories are by repository: Trivy ends where it knows none of those that an image was built from. */
export const NO_ADVISORIES_FOR_SYSTEM = /unable to find CPE indices/;

/** The first that fits counts, so that a cause stands before what it brings about. */
export const FAILURE_TEXTS: readonly FailureText[] = [
  {
    text: /permission denied while trying to connect to the docker/i,
    code: 'engine_forbidden',
    says: 'the Docker engine refuses this user',
    blocks: true,
    source: 'docker',
    stage: OPENING,
  },
  {
    text: /failed to connect to the docker API|cannot connect to the docker daemon|error during connect/i,
    code: 'engine_unreachable',
    says: 'the Docker engine does not answer',
    blocks: true,
    source: 'docker',
    stage: OPENING,
  },
  {
    text: /no such image/i,
    code: 'not_found',
    says: 'the engine does not have this image',
    source: 'docker',
    stage: OPENING,
  },
  {
    // Engines with a containerd store keep no layer twice that they have unpacked, however it was compressed.
    text: /file blobs\/sha256\/[0-9a-f]{64} not found in tar|content digest sha256:[0-9a-f]{64}: not found/,
    code: 'incomplete',
    says: 'the store of the engine lacks parts of this image',
    source: 'docker',
  },
  {
    text: /no space left on device|disk quota exceeded/i,
    code: 'disk_full',
    says: 'no space was left for temporary files',
    retry: 'alone',
  },
  {
    text: /cannot allocate memory|fatal error: runtime: out of memory/i,
    code: 'out_of_memory',
    says: 'Trivy ran out of memory',
    retry: 'alone',
  },
  {
    text: /--skip-db-update'? cannot be specified on the first run/,
    code: 'database_missing',
    says: 'there is no vulnerability database',
    blocks: true,
    stage: DATABASE,
  },
  {
    text: /old DB schema|DB schema doesn't match|Trivy version is old/i,
    code: 'database_missing',
    says: 'the vulnerability database is not one for this Trivy',
    blocks: true,
    stage: DATABASE,
  },
  {
    text: /--skip-java-db-update'? cannot be specified on the first run|unable to initialize the Java DB/i,
    code: 'java_db_missing',
    says: 'there is no Java database',
    retry: 'without_java',
  },
  {
    text: NO_ADVISORIES_FOR_SYSTEM,
    code: 'no_advisories',
    says: 'there are no advisories for its system',
    retry: 'without_system',
    stage: MATCHING,
  },
  {
    text: /vulnerability DB initialize|failed to open db|db corrupted|invalid database/i,
    code: 'database_corrupt',
    says: 'the vulnerability database is damaged',
    blocks: true,
    stage: DATABASE,
  },
  {
    text: /redis cache|redis:|layer cache missing|cache may be in use by another process|unable to initialize cache/i,
    code: 'cache_unavailable',
    says: 'the scan cache could not be used',
    retry: 'once',
  },
  { text: /could not parse reference/, code: 'bad_reference', says: 'not a reference that Trivy accepts' },
  { text: /exceeds maximum allowed size/, code: 'too_large', says: 'the image is larger than allowed' },
  {
    text: /no child with platform|specified platform not found|does not match the specified platform|platform error/i,
    code: 'no_such_platform',
    says: 'there is no such platform of this image',
  },
  {
    // Before any layer is read: the registry hung up in the middle of its manifest or of the image's configuration.
    text: /unable to (?:get the image ID|initialize a scan)[\s\S]*(?:\bEOF\b|connection reset|broken pipe)/,
    code: 'network',
    says: 'the registry hung up',
    retry: 'backoff',
    source: 'remote',
  },
  {
    text: /unsupported artifact type|unsupported mediatype|unexpected media type|unable to get the image ID/i,
    code: 'not_an_image',
    says: 'this is no container image',
  },
  {
    text: /TOOMANYREQUESTS|status code 429/,
    code: 'rate_limited',
    says: 'the registry asks to come back later',
    source: 'remote',
  },
  {
    text: /MANIFEST_UNKNOWN|NAME_UNKNOWN|BLOB_UNKNOWN|status code 404/,
    code: 'not_found',
    says: 'the registry does not have this image',
    source: 'remote',
  },
  {
    text: /UNAUTHORIZED|DENIED|status code 40[13]/,
    code: 'unauthorized',
    says: 'the registry refuses access',
    source: 'remote',
  },
  {
    text: /status code 5\d\d|UNAVAILABLE/,
    code: 'registry_error',
    says: 'the registry failed',
    retry: 'backoff',
    source: 'remote',
  },
  {
    text: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    code: 'network',
    says: 'the registry speaks plain HTTP, which is asked for on loopback and private addresses only',
    source: 'remote',
  },
  {
    text: /x509:|tls: failed to verify/,
    code: 'network',
    says: `the certificate of the registry is not trusted (${TRUST_ADVICE})`,
    source: 'remote',
  },
  {
    text: /Proxy Authentication Required/,
    code: 'network',
    says: 'the proxy wants a login (407): name and password belong into its address',
    source: 'remote',
  },
  {
    text: /proxyconnect tcp/,
    code: 'network',
    says: 'the proxy cannot be reached',
    retry: 'backoff',
    source: 'remote',
  },
  { text: /context deadline exceeded/, code: 'timeout', says: 'Trivy did not finish in time' },
  {
    text: /as a Docker image: unable to open the file: .*no such file or directory/,
    code: 'not_found',
    says: 'there is no such archive',
    source: 'archive',
  },
  {
    text: /as a Docker image: unexpected EOF/,
    code: 'corrupt',
    says: 'the archive is cut short, or none',
    source: 'archive',
  },
  {
    text: /as an OCI Image|no valid manifest|file manifest\.json not found in tar/,
    code: 'not_an_image',
    says: 'the archive holds no image',
    source: 'archive',
  },
  {
    text: /failed to extract the archive|flate: |gzip: |zstd: |unexpected EOF|archive\/tar: |error verifying (?:sha|size)|Content-Length header \d+ does not match/,
    code: 'corrupt',
    says: 'a layer of the image is damaged',
    retry: 'once',
  },
  {
    text: /dial tcp|no such host|connection re(?:fused|set)|i\/o timeout|handshake timeout|network is unreachable|\bEOF\b/,
    code: 'network',
    says: 'the registry cannot be reached',
    retry: 'backoff',
    source: 'remote',
  },
];
