/** What ended a request before its answer was there. */
export interface NetworkFailure {
  /** `no_tls`: what answers speaks something else, such as plain HTTP. */
  readonly kind: 'certificate' | 'proxy' | 'no_tls' | 'other';
  /** One line that names the other side, and the proxy where there was one. */
  readonly message: string;
  /** What helps, where that is known. */
  readonly advice: string | null;
  /** Whether asking again may help. */
  readonly mayPass: boolean;
}

/** As the dispatcher of a proxy marks an error: without name and password. */
interface ProxiedError {
  readonly proxy: string;
  /** Of the proxy's own answer, where it gave one. */
  readonly proxyStatus: number | null;
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
]);
const INVALID: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'was revoked',
  HOSTNAME_MISMATCH: 'is for another name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  UND_ERR_PRX_TLS: 'is for another name',
};
const NO_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/** Where the certificates of authorities are looked for, by us and by Trivy. */
export const TRUST_ADVICE =
  'have its authority in the system’s store, or name the file of its certificate in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS';

/**
 * Says what an error of a connection to `host` means.
 *
 * @example
 * const { message, mayPass } = networkFailureOf(error, 'hub.docker.com');
 */
export const networkFailureOf = (error: unknown, host: string): NetworkFailure => {
  const code = codeOf(error);
  const proxied = proxyOf(error);
  if (proxied !== null && proxied.proxyStatus !== null) return refusedByProxy(proxied.proxy, proxied.proxyStatus, host);
  const through = proxied === null ? '' : ` through the proxy ${proxied.proxy}`;
  const certificate = `the certificate of ${host}${through}`;
  if (UNTRUSTED.has(code)) return lasting('certificate', `${certificate} is not trusted (${code})`, TRUST_ADVICE);
  const fault = Object.hasOwn(INVALID, code) ? INVALID[code] : undefined;
  if (fault !== undefined)
    return lasting('certificate', `${certificate} ${fault} (${code})`, 'see to the certificate, or to the clock');
  if (NO_TLS.has(code)) return lasting('no_tls', `${host}${through} does not speak TLS (${code})`, null);
  if (code.endsWith('_TIMEOUT')) return passing(`${host}${through} did not answer${limitIn(error)} (${code})`);
  return passing(`the connection to ${host}${through} failed (${code})`);
};

const refusedByProxy = (proxy: string, status: number, host: string): NetworkFailure => {
  if (status === 407) return lasting('proxy', `the proxy ${proxy} wants a login (407)`, LOGIN_ADVICE);
  const message = `the proxy ${proxy} does not connect to ${host}: it answered ${status}`;
  return status >= 500
    ? passing(message)
    : lasting('proxy', message, 'see what the proxy lets through, or set NO_PROXY');
};

const LOGIN_ADVICE = 'put user name and password into the address of the proxy: http://name:password@host:port';

const passing = (message: string): NetworkFailure => ({ kind: 'other', message, advice: null, mayPass: true });

const lasting = (kind: NetworkFailure['kind'], message: string, advice: string | null): NetworkFailure => ({
  kind,
  message,
  advice,
  mayPass: false,
});

/** The proxy that an error names, null for none. */
const proxyOf = (error: unknown): ProxiedError | null => {
  if (!(error instanceof Error) || !('proxy' in error) || typeof error.proxy !== 'string') return null;
  const status = 'proxyStatus' in error && typeof error.proxyStatus === 'number' ? error.proxyStatus : null;
  return { proxy: error.proxy, proxyStatus: status };
};

/** Several addresses of one host fail together as an error of errors. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error.cause === undefined ? error.name : codeOf(error.cause);
};

/** Which limit was hit stands only in the text. */
const limitIn = (error: unknown): string => {
  const written = error instanceof Error ? /timeout: (\d{1,9})ms/.exec(error.message)?.[1] : undefined;
  return written === undefined ? ' in time' : ` within ${Number(written) / 1000} s`;
};
