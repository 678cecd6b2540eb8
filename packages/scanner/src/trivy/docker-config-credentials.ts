import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { parseOutsideJson, ScannerError } from '@scanner/core';
import type { Log } from '@scanner/core';

import { authKey } from './registry-credentials.ts';
import type { RegistryCredentials, RegistryLogin } from './registry-credentials.ts';

const MAX_CONFIG_BYTES = 1024 * 1024;
const HELPER_TIMEOUT_MS = 30_000;
/** What a helper answers where a token stands in for name and password. */
const TOKEN_USER = '<token>';

const NOT_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);
const NOT_ALLOWED: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

const text = z.string().nullish();

const Auth = z.object({ auth: text, username: text, password: text, identitytoken: text });

const DockerConfig = z.object({
  auths: z.record(z.string(), Auth).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: text,
});
type DockerConfig = z.infer<typeof DockerConfig>;

const HelperAnswer = z.object({ Username: z.string(), Secret: z.string() });

export interface DockerConfigCredentialsOptions {
  /** The user's own, e.g. `~/.docker/config.json`; it need not exist. */
  readonly configFile: string;
  /** The whole environment for credential helpers; they are looked for in its `PATH`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Log;
}

/**
 * The logins of a Docker configuration, as `docker login` left them there or with a credential helper.
 * A registry whose login cannot be got is asked anonymously, with a warning; so are all where the configuration is not
 * for this user to read, as with the Docker CLI.
 *
 * @throws ScannerError `setting_invalid`, from `find`, when the configuration makes no sense
 */
export const dockerConfigCredentials = (options: DockerConfigCredentialsOptions): RegistryCredentials => {
  let config: Promise<DockerConfig> | undefined;
  return {
    find: async (registry, signal) => {
      config ??= readConfig(options);
      return findLogin(await config, registry, options, signal);
    },
  };
};

const readConfig = async ({ configFile: file, log }: DockerConfigCredentialsOptions): Promise<DockerConfig> => {
  try {
    const bytes = await readFile(file);
    if (bytes.length > MAX_CONFIG_BYTES) throw new Error('it is too large');
    const text = bytes.toString('utf8');
    return text.trim() === '' ? {} : DockerConfig.parse(parseOutsideJson(text));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (NOT_THERE.has(code)) return {};
    if (NOT_ALLOWED.has(code)) {
      log.warn('the Docker configuration may not be read: registries are asked without a login', { file });
      return {};
    }
    throw new ScannerError(`the Docker configuration ${file} cannot be read`, {
      code: 'setting_invalid',
      hint: 'correct it, or set DOCKER_CONFIG to the directory of another one',
      cause,
    });
  }
};

const findLogin = async (
  config: DockerConfig,
  registry: string,
  options: DockerConfigCredentialsOptions,
  signal: AbortSignal | undefined,
): Promise<RegistryLogin | null> => {
  const helper = ownValue(config.credHelpers, registry) ?? ownValue(config.credHelpers, authKey(registry));
  const store = helper ?? config.credsStore ?? null;
  const fromHelper = store === null ? null : await askHelper(store, authKey(registry), options, signal);
  return fromHelper ?? loginOf(storedAuth(config, registry));
};

const storedAuth = ({ auths }: DockerConfig, registry: string): z.infer<typeof Auth> | undefined => {
  const wanted = new Set([registry, authKey(registry)]);
  const key = Object.keys(auths ?? {}).find((name) => wanted.has(name) || wanted.has(hostOf(name)));
  return key === undefined ? undefined : auths?.[key];
};

/** Entries may be addresses: `https://ghcr.io/v2/`. */
const hostOf = (name: string): string => name.replace(/^https?:\/\//, '').split('/', 1)[0] ?? name;

const loginOf = (auth: z.infer<typeof Auth> | undefined): RegistryLogin | null => {
  if (auth === undefined) return null;
  if (auth.identitytoken) return { identityToken: auth.identitytoken };
  if (auth.username && auth.password) return { username: auth.username, password: auth.password };
  const pair = Buffer.from(auth.auth ?? '', 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 1 ? null : { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
};

const askHelper = async (
  name: string,
  server: string,
  { environment, log }: DockerConfigCredentialsOptions,
  signal: AbortSignal | undefined,
): Promise<RegistryLogin | null> => {
  if (!/^[\w.-]+$/.test(name)) return null;
  const { execa } = await import('execa');
  const answer = await execa(`docker-credential-${name}`, ['get'], {
    input: server,
    env: environment,
    extendEnv: false,
    timeout: HELPER_TIMEOUT_MS,
    maxBuffer: MAX_CONFIG_BYTES,
    reject: false,
    ...(signal !== undefined && { cancelSignal: signal }),
  });
  if (answer.failed) {
    if (!answer.stdout?.includes('credentials not found'))
      log.warn('a Docker credential helper failed', { helper: name, registry: server });
    return null;
  }
  const parsed = HelperAnswer.safeParse(parseJson(answer.stdout));
  if (!parsed.success) return null;
  const { Username, Secret } = parsed.data;
  return Username === TOKEN_USER ? { identityToken: Secret } : { username: Username, password: Secret };
};

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
};

const ownValue = (record: Record<string, string> | null | undefined, key: string): string | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined;
