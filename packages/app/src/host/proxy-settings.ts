import { BlockList, isIP, isIPv4 } from 'node:net';

import { settingsError } from '@scanner/core/config';

/** An HTTP proxy out of the environment. */
export interface Proxy {
  /** Scheme, host and port, which may be shown. */
  readonly origin: string;
  /** What it wants to be told, null without a name. */
  readonly authorization: string | null;
  /** With name and password, escaped so that every program reads the same. */
  readonly address: string;
}

export interface ProxySettings {
  readonly http: Proxy | null;
  readonly https: Proxy | null;
  /** `NO_PROXY` as it is written. */
  readonly exceptions: string;
  /** The proxy for an address, null where it is asked directly. */
  readonly proxyFor: (url: URL) => Proxy | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxies that the environment names, in lower case before upper case, as curl and Trivy read them: with or without a
 * scheme, for https only by `HTTPS_PROXY`, and not for what `NO_PROXY` names as a domain, an address or a network.
 *
 * @throws ScannerError `setting_invalid` naming the variable
 */
export const readProxies = (env: Environment): ProxySettings => {
  const [http, https] = ['HTTP_PROXY', 'HTTPS_PROXY'].map((name) => proxyIn(env, name));
  const exceptions = valueOf(env, 'NO_PROXY').text;
  const isException = exceptionsIn(exceptions);
  const found = { http: http ?? null, https: https ?? null };
  return {
    ...found,
    exceptions,
    proxyFor: (url) => (isException(url) ? null : url.protocol === 'https:' ? found.https : found.http),
  };
};

const valueOf = (env: Environment, name: string): { readonly name: string; readonly text: string } => {
  const lower = name.toLowerCase();
  const text = env[lower]?.trim() ?? '';
  return text === '' ? { name, text: env[name]?.trim() ?? '' } : { name: lower, text };
};

// What stands before the last @ is name and password, whatever is in them.
const ADDRESS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?([^@]*)$/is;

const proxyIn = (env: Environment, variable: string): Proxy | null => {
  const { name, text } = valueOf(env, variable);
  if (text === '') return null;
  const [, scheme = 'http', login, place = ''] = ADDRESS.exec(text) ?? [];
  if (/^socks/i.test(scheme)) throw unusable(name, text, 'an HTTP proxy such as http://host:port; SOCKS is not spoken');
  const url = URL.parse(`${scheme.toLowerCase()}://${place}`);
  const isProxy =
    url !== null && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '' && !/[?#\s]/.test(place);
  if (!isProxy) throw unusable(name, text, 'the address of an HTTP proxy such as http://host:port');
  return proxyAt(url, login);
};

const proxyAt = (url: URL, login: string | undefined): Proxy => {
  const { origin } = url;
  if (login === undefined || login === '') return { origin, authorization: null, address: origin };
  const colon = login.indexOf(':');
  const parts = colon === -1 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
  const [user = '', password = ''] = parts.map(unescaped);
  const [protocol, host] = [url.protocol, url.host];
  return {
    origin,
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    address: `${protocol}//${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}`,
  };
};

/** A percent sign that escapes nothing stands for itself. */
const unescaped = (text: string): string =>
  text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });

const unusable = (setting: string, text: string, accepted: string): Error =>
  settingsError([
    {
      setting,
      place: 'the environment',
      value: text
        .replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1***@')
        .replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}')
        .slice(0, 120),
      accepted,
    },
  ]);

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

interface Target {
  /** Without brackets and without a dot at its end. */
  readonly host: string;
  readonly port: string;
}

type Exception = (target: Target) => boolean;

const exceptionsIn = (text: string): ((url: URL) => boolean) => {
  const exceptions = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(exceptionOf);
  return ({ hostname, port, protocol }) => {
    const host = hostname
      .replace(/^\[(.*)\]$/, '$1')
      .replace(/(.)\.$/, '$1')
      .toLowerCase();
    return exceptions.some((matches) => matches({ host, port: port || (DEFAULT_PORTS[protocol] ?? '') }));
  };
};

const exceptionOf = (written: string): Exception => {
  if (written === '*') return () => true;
  const network = networkOf(written);
  if (network !== null) return network;
  const [, name = '', wantedPort] =
    /^(\[[^\]]*\]|[^:]*|[\da-f:.]*:[\da-f:.]*:[\da-f:.]*)(?::(\d{1,5}))?$/i.exec(written) ?? [];
  const isPort: Exception = ({ port }) => wantedPort === undefined || wantedPort === port;
  const bare = name
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/(.)\.$/, '$1')
    .toLowerCase();
  if (bare === '') return () => false;
  if (bare === '*') return isPort;
  if (isIP(bare) !== 0) {
    const list = listOf((list) => list.addAddress(bare, familyOf(bare)));
    return (target) => isPort(target) && isListed(list, target.host);
  }
  const domain = bare.replace(/^\*?\./, '');
  const subdomainsOnly = bare.startsWith('*.');
  return (target) =>
    isPort(target) && ((target.host === domain && !subdomainsOnly) || target.host.endsWith(`.${domain}`));
};

/** `10.0.0.0/8` */
const networkOf = (written: string): Exception | null => {
  const [, address = '', bits = ''] = /^([\da-f:.]+)\/(\d{1,3})$/i.exec(written) ?? [];
  if (isIP(address) === 0 || Number(bits) > (isIPv4(address) ? 32 : 128)) return null;
  const list = listOf((list) => list.addSubnet(address, Number(bits), familyOf(address)));
  return ({ host }) => isListed(list, host);
};

const listOf = (fill: (list: BlockList) => void): BlockList => {
  const list = new BlockList();
  fill(list);
  return list;
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');

const isListed = (list: BlockList, host: string): boolean => isIP(host) !== 0 && list.check(host, familyOf(host));
