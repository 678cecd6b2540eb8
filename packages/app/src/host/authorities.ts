import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Log } from '@scanner/core';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where systems keep the certificates of authorities, as one file. */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const FILE_VARIABLES = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const;
const DIRECTORIES_VARIABLE = 'SSL_CERT_DIR';

const MAX_FILE_BYTES = 16 * 1024 ** 2;
const MAX_FILES = 4096;
const PARTIAL_BUNDLE = /^authorities-[0-9a-f]{16}\.pem\.\d+\.tmp$/;
const LONGEST_WRITE_MS = 60_000;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g;

/** Loaded where it is needed: it takes long, and most passes over a host ask nobody. */
const tls = () => process.getBuiltinModule('node:tls');

let trusted = false;

/**
 * Has every connection of this process trust the same authorities as Trivy's: those that come with Node, the system's, and
 * those that `SSL_CERT_FILE`, `SSL_CERT_DIR` and `NODE_EXTRA_CA_CERTS` name. Done once for a process; what cannot be read
 * is a warning.
 */
export const trustAuthorities = (env: Environment, log: Log): void => {
  if (trusted) return;
  trusted = true;
  const certificates = authoritiesOf(env, log);
  try {
    tls().setDefaultCACertificates(certificates);
  } catch {
    // One that cannot be read would cost all others.
    tls().setDefaultCACertificates(certificates.filter(isReadable));
  }
};

/**
 * What child processes are told of authorities: nothing where the system's are all there are, else a file with all of them,
 * which is kept in `directory`.
 */
export const authoritiesForChildren = (env: Environment, directory: string, log: Log): Record<string, string> => {
  const isOwn = [...FILE_VARIABLES, DIRECTORIES_VARIABLE].some((name) => (env[name] ?? '') !== '');
  return isOwn ? { SSL_CERT_FILE: keptBundle(authoritiesOf(env, log).filter(isReadable), directory) } : {};
};

const keptBundle = (certificates: readonly string[], directory: string): string => {
  const content = `${certificates.join('\n')}\n`;
  const path = join(directory, `authorities-${createHash('sha256').update(content).digest('hex').slice(0, 16)}.pem`);
  mkdirSync(directory, { recursive: true });
  removePartial(directory);
  if (existsSync(path)) return path;
  const partial = `${path}.${process.pid}.tmp`;
  writeFileSync(partial, content, { mode: 0o600 });
  renameSync(partial, path);
  return path;
};

/** What a killed process has begun; a younger one may be another's that is at work. */
const removePartial = (directory: string): void => {
  for (const name of readdirSync(directory).filter((found) => PARTIAL_BUNDLE.test(found))) {
    const path = join(directory, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (status !== undefined && status.mtimeMs < Date.now() - LONGEST_WRITE_MS) rmSync(path, { force: true });
  }
};

const authoritiesOf = (env: Environment, log: Log): string[] => {
  const files = FILE_VARIABLES.flatMap((name) =>
    namedIn(env, name).map((path) => ({ name, path, read: certificatesIn })),
  );
  const directories = namedIn(env, DIRECTORIES_VARIABLE)
    .flatMap((paths) => paths.split(':').filter(Boolean))
    .map((path) => ({ name: DIRECTORIES_VARIABLE, path, read: certificatesBelow }));
  const named = [...files, ...directories].flatMap((place) => certificatesAt(place, log));
  return [...new Set([...tls().getCACertificates('bundled'), ...systemCertificates(), ...named].map(trimmed))];
};

const trimmed = (certificate: string): string => certificate.trim();

const namedIn = (env: Environment, name: string): string[] => [env[name] ?? ''].filter(Boolean);

interface NamedPlace {
  /** Of the variable. */
  readonly name: string;
  readonly path: string;
  readonly read: (path: string) => string[];
}

const certificatesAt = ({ name, path, read }: NamedPlace, log: Log): string[] => {
  try {
    const found = read(path);
    if (found.length === 0) log.warn(`${name} names ${path}, which holds no certificate`);
    return found;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    log.warn(`${name} names ${path}, which cannot be read (${code})`);
    return [];
  }
};

const systemCertificates = (): string[] => {
  if (process.platform !== 'linux') return tls().getCACertificates('system');
  const file = SYSTEM_FILES.find((path) => existsSync(path));
  try {
    return file === undefined ? [] : certificatesIn(file);
  } catch {
    return [];
  }
};

const certificatesIn = (path: string): string[] => {
  const content = readFileSync(path);
  return content.length > MAX_FILE_BYTES ? [] : [...(content.toString('latin1').match(CERTIFICATE) ?? [])];
};

/** All files of a directory, whatever they are called. */
const certificatesBelow = (directory: string): string[] => {
  const names = readdirSync(directory, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return names.slice(0, MAX_FILES).flatMap(({ name }) => {
    try {
      return certificatesIn(join(directory, name));
    } catch {
      return [];
    }
  });
};

const isReadable = (certificate: string): boolean => {
  try {
    return new X509Certificate(certificate).subject !== undefined;
  } catch {
    return false;
  }
};
