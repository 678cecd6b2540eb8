import { join, resolve } from 'node:path';

import type { ReadSettings } from '@scanner/app';
import {
  CONTAINER_SETTINGS,
  NAME_THE_DIRECTORY,
  parseDotEnv,
  PASSED_VARIABLES,
  SETTING_NAMES,
  type SettingName,
  type SettingProblem,
  SETTINGS,
  shownValue,
} from '@scanner/core/config';

import type { Owner } from './service-directory.ts';

export interface ServiceFacts {
  readonly env: NodeJS.ProcessEnv;
  readonly read: ReadSettings;
  /** Where the command was started. */
  readonly cwd: string;
  /** The directory of the host's data, absolute. */
  readonly directory: string;
  readonly owner: Owner;
  /** The socket of the engine, by its path, and whose it is. */
  readonly socket: Owner & { readonly path: string };
}

/**
 * What Compose is told, as its environment: what it is filled in with, and every setting of the container that a flag, the
 * environment or the `.env` file sets. What a file in the secrets directory sets stays there, where the container reads
 * it. The `.env` file is not left to Compose, whose versions understand quotes and comments each in its own way.
 */
export const serviceEnvironment = (facts: ServiceFacts): Record<string, string> => {
  const { env, read, directory, socket } = facts;
  return {
    ...places(facts),
    ...variablesOf(parseDotEnv(read.dotEnv ?? '')),
    ...variablesOf(env),
    ...(read.texts.TRIVY_RELEASES_URL !== undefined && { TRIVY_RELEASES_URL: read.texts.TRIVY_RELEASES_URL }),
    ...Object.fromEntries(PASSED.flatMap((name) => passed(name, read))),
    ...mailAuthorities(facts),
    SCANNER_DIR: directory,
    DOCKER_HOST: `unix://${socket.path}`,
  };
};

/** An engine of a user's own maps that user to root in its containers, and other users to none that is known here. */
const places = ({ owner, socket }: ServiceFacts): Record<string, string> => {
  const rootless = socket.uid !== 0;
  return {
    SCANNER_UID: String(rootless ? 0 : owner.uid),
    SCANNER_GID: String(rootless ? 0 : owner.gid),
    DOCKER_GID: String(rootless ? 0 : socket.gid),
    DOCKER_SOCKET: socket.path,
  };
};

/** One pass or many is said by how the container is started. */
const PASSED = CONTAINER_SETTINGS.filter((name) => name !== 'SCAN_ONCE');

const passed = (name: SettingName, { sources, texts }: ReadSettings): [string, string][] => {
  const text = texts[name];
  return text === undefined || sources[name] === 'secrets' ? [] : [[name, text]];
};

/** Where the container has the secrets directory. */
const SECRETS = '/run/secrets';

/** The file as the container sees it. */
const mailAuthorities = (facts: Pick<ServiceFacts, 'cwd' | 'read'>): Record<string, string> => {
  const path = authoritiesInContainer(facts);
  return path === null ? {} : { SMTP_CA_FILE: path };
};

/** Null where no file is set, or one that the container does not see. */
const authoritiesInContainer = ({ cwd, read }: Pick<ServiceFacts, 'cwd' | 'read'>): string | null => {
  const { SMTP_CA_FILE: written } = read.settings;
  if (written === null || written.startsWith(`${SECRETS}/`)) return written;
  const path = resolve(cwd, written);
  return path.startsWith(`${read.secrets}/`) ? join(SECRETS, path.slice(read.secrets.length)) : null;
};

const OF_SETTINGS: ReadonlySet<string> = new Set(SETTING_NAMES.flatMap((name) => [name, `${name}_FILE`]));

/** With a socket of our own choice no context may choose another. */
const LEFT_OUT: ReadonlySet<string> = new Set(['DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH']);

const variablesOf = (variables: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || value === '' || OF_SETTINGS.has(name) || LEFT_OUT.has(name) ? [] : [[name, value]],
    ),
  );

/** What cannot be passed on: a secret out of a file would stand in the container's description for all to read. */
export const unpassable = ({
  env,
  cwd,
  read,
  directory,
}: Pick<ServiceFacts, 'env' | 'cwd' | 'read' | 'directory'>): SettingProblem[] => {
  const variables = { ...parseDotEnv(read.dotEnv ?? ''), ...env };
  const problems = PASSED.filter((name) => SETTINGS[name].secret && read.sources[name] !== 'secrets').flatMap(
    (name) => {
      const file = variables[`${name}_FILE`] ?? '';
      if (file === '' || read.texts[name] === undefined) return [];
      return [
        {
          setting: `${name}_FILE`,
          value: file,
          accepted: `its content in ${read.secrets}/${name}, which the container reads`,
        },
      ];
    },
  );
  if (read.settings.SMTP_CA_FILE !== null && authoritiesInContainer({ cwd, read }) === null)
    problems.push({
      setting: 'SMTP_CA_FILE',
      value: read.settings.SMTP_CA_FILE,
      accepted: `a file in ${read.secrets}, which the container reads`,
    });
  if (!read.isNamed) problems.push(...unfitInUnnamed(read));
  return directory.includes(':')
    ? [
        ...problems,
        { setting: 'SCANNER_DIR', value: directory, accepted: 'a path without a colon, which Docker could mount' },
      ]
    : problems;
};

/** What the `.env` file of a directory that nobody named may tell Compose besides settings: no image, no path, no program. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...PASSED_VARIABLES,
  'COMPOSE_PROJECT_NAME',
  'SCANNER_UID',
  'SCANNER_GID',
  'DOCKER_GID',
  'SCAN_RESTART',
  'TRIVY_VERSION',
  'SOCKET_PROXY_CONTAINERS',
]);

const unfitInUnnamed = ({ dotEnv }: ReadSettings): SettingProblem[] =>
  Object.entries(parseDotEnv(dotEnv ?? '')).flatMap(([name, value]) =>
    value === undefined || value === '' || OF_SETTINGS.has(name) || LEFT_OUT.has(name) || HARMLESS.has(name)
      ? []
      : [{ setting: name, place: 'the .env file', value: shownValue(value), accepted: NAME_THE_DIRECTORY }],
  );

/** Settings of places that were set and that the container does not know. */
export const withoutEffect = ({ sources }: Pick<ReadSettings, 'sources'>): readonly string[] =>
  (['LOG_DIR', 'STATE_DIR', 'TRIVY_CACHE_DIR', 'SNAPSHOT_DIR', 'IGNORE_FILE', 'TRIVY_PATH'] as const).filter(
    (name) => sources[name] !== 'default',
  );
