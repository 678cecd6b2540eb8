import { ScannerError } from '@scanner/core';

/** Files in PEM format; `verify` is whether the engine must prove who it is. */
export interface DockerTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly verify: boolean;
}

/** Where a Docker engine is, and who said so. */
export interface DockerEndpoint {
  /** `unix:///path`, or `tcp://host:port`, with TLS where `tls` is given. */
  readonly host: string;
  readonly tls: DockerTls | null;
  readonly origin: DockerEndpointOrigin;
}

export type DockerEndpointOrigin = 'flag' | 'environment' | `context ${string}` | 'default';

export const DEFAULT_SOCKET = 'unix:///var/run/docker.sock';

const PORT = { plain: '2375', tls: '2376' } as const;
const LONGEST_HOST = 1024;

/**
 * Brings a host as people write it, `unix://…`, `tcp://…`, `host:port`, into the form of {@link DockerEndpoint}.
 *
 * @throws ScannerError `setting_invalid` for what is not one, or is one that cannot be used
 */
export const parseDockerHost = (
  written: string,
  tls: DockerTls | null,
  origin: DockerEndpointOrigin,
): DockerEndpoint => {
  const text = written.trim();
  if (text.length > LONGEST_HOST || /\p{Cc}/u.test(text)) throw unusable(origin, 'is not an address');
  if (text.startsWith('unix://')) return { host: unixHost(text, origin), tls: null, origin };
  if (text.startsWith('ssh://')) throw overSsh(origin);
  return { ...tcpHost(text, tls, origin), origin };
};

/** How the origin reads in a message, e.g. `DOCKER_HOST`. */
export const describeOrigin = (origin: DockerEndpointOrigin): string => {
  if (origin === 'flag') return '--docker-host';
  if (origin === 'environment') return 'DOCKER_HOST';
  return origin === 'default' ? 'the default' : `the Docker ${origin}`;
};

const unixHost = (text: string, origin: DockerEndpointOrigin): string => {
  const path = text.slice('unix://'.length);
  if (path === '') return DEFAULT_SOCKET;
  if (!path.startsWith('/')) throw unusable(origin, 'names a socket without its whole path');
  return text;
};

const tcpHost = (
  text: string,
  tls: DockerTls | null,
  origin: DockerEndpointOrigin,
): Pick<DockerEndpoint, 'host' | 'tls'> => {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?([^/]+)\/?$/.exec(text) ?? [];
  if (!['tcp', 'http', 'https'].includes(scheme)) throw unusable(origin, `cannot be reached by ${scheme}://`);
  const { hostname, port, username, password, search, hash } = URL.parse(`tcp://${rest}`) ?? NO_URL;
  if (hostname === '' || search !== '' || hash !== '') throw unusable(origin, 'is not an address');
  if (username !== '' || password !== '') throw unusable(origin, 'holds a user name or password');
  const secure = scheme === 'https' || (scheme === 'tcp' && tls !== null);
  const used = tls ?? { ca: null, cert: null, key: null, verify: true };
  return { host: `tcp://${hostname}:${port || (secure ? PORT.tls : PORT.plain)}`, tls: secure ? used : null };
};

const NO_URL = { hostname: '', port: '', username: '', password: '', search: '', hash: '' };

const unusable = (origin: DockerEndpointOrigin, what: string): ScannerError =>
  new ScannerError(`the Docker engine that ${describeOrigin(origin)} names ${what}`, {
    code: 'setting_invalid',
    hint: 'write unix:///path/to/docker.sock or tcp://host:port',
  });

const overSsh = (origin: DockerEndpointOrigin): ScannerError =>
  new ScannerError(
    `the Docker engine that ${describeOrigin(origin)} names is reached over ssh, which is not supported`,
    {
      code: 'setting_invalid',
      hint: 'run gts on that host, or forward its socket with ssh -nNT -L /path/to/local.sock:/var/run/docker.sock and name it with --docker-host unix:///path/to/local.sock',
    },
  );
