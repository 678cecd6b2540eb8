import { dirname, join } from 'node:path';

import {
  type BlobCache,
  type LockKeeper,
  type PlannedImage,
  ScannerError,
  type ScannerIdentity,
  systemClock,
} from '@scanner/core';
import { SECRET_SETTINGS, type Settings } from '@scanner/core/config';
import {
  CheckedImages,
  type DatabaseFiles,
  type DatabaseUpdate,
  dockerConfigCredentials,
  type DockerEndpoint,
  type DockerEngine,
  identityOf,
  locateTrivy,
  type RegistryCredentials,
  sweepSessions,
  type TrivyBinary,
  type TrivyScanner,
  VulnerabilityDatabase,
} from '@scanner/scanner';

import type { CommandContext } from '../command-context.ts';
import { type Place, userCache } from '../place.ts';
import { authoritiesForChildren } from './authorities.ts';
import { readProxies } from './proxy-settings.ts';

/** What stands ready before anything is scanned. */
export interface ScanningParts {
  readonly context: CommandContext;
  readonly settings: Settings;
  readonly place: Place;
  /** Where the engine is that images are taken from. */
  readonly endpoint: DockerEndpoint;
  /** That engine. */
  readonly engine: DockerEngine;
  readonly blobCache: BlobCache;
  readonly locks: LockKeeper;
}

/** A scanner that is ready to be opened. */
export interface ComposedScanner {
  readonly identity: ScannerIdentity;
  /** @throws ScannerError `directory_unusable` or `disk_full`; rejects with the reason of the signal on abort */
  readonly open: () => Promise<TrivyScanner>;
  /** @see ImageScanner.isChecked */
  readonly isChecked: (image: PlannedImage, signal?: AbortSignal) => Promise<boolean>;
}

/** Finds Trivy and brings the database up to date for a scanner on both. */
export const composeScanner = async (parts: ScanningParts, signal: AbortSignal): Promise<ComposedScanner> => {
  const { context, settings, place, endpoint, engine, blobCache, locks } = parts;
  const { log } = context.console;
  const workDirectory = join(place.cache, 'work');
  await sweepSessions(workDirectory, locks, log);
  const trivy = await findTrivy(parts, signal);
  for (const warning of trivy.warnings) log.warn(warning);
  const database = composeDatabase(parts, trivy);
  const update = await updateDatabase(parts, database, signal);
  const files = { vulnerabilities: update.generation, stale: update.stale, java: await database.currentJava() };
  const open = async (): Promise<TrivyScanner> => {
    const { openScanner } = await import('./open-scanner.ts');
    return openScanner({
      trivy,
      database: files,
      obtainJava: () => obtainJava(parts, database, signal),
      blobCache,
      workDirectory,
      locks,
      dockerEnvironment: dockerEnvironment(endpoint),
      imageExport: engine,
      credentials: registryCredentials(context),
      registryMirrors: settings.REGISTRY_MIRRORS,
      openNetwork: async () => {
        const { networkDispatcher } = await import('./network-dispatcher.ts');
        return networkDispatcher({ env: context.env, log });
      },
      environment: networkEnvironment(context, place),
      igzipIn: settings.USE_IGZIP ? (context.env['PATH'] ?? '') : null,
      concurrency: settings.SCAN_CONCURRENCY,
      measuring: { directory: place.cache, signal },
      log,
      clock: systemClock,
    });
  };
  const checked = new CheckedImages(blobCache, engine);
  return {
    identity: identityOf(trivy.version, files),
    open,
    isChecked: (image, within = signal) => checked.has(image, within),
  };
};

/** A host's own cache may hold a Trivy; else the user's, where `gts trivy install` puts it, serves all hosts and commands. */
export const findTrivy = async (
  { context, settings, place }: Pick<ScanningParts, 'context' | 'settings' | 'place'>,
  signal: AbortSignal,
): Promise<TrivyBinary> => {
  const locateIn = (cacheDir: string): Promise<TrivyBinary> =>
    locateTrivy({
      explicitPath: settings.TRIVY_PATH ?? undefined,
      searchPath: context.env['PATH'],
      cacheDir,
      signal,
    });
  const shared = userCache(context);
  try {
    return await locateIn(place.cache);
  } catch (error) {
    if (shared === place.cache || !ScannerError.is(error) || error.code !== 'trivy_missing') throw error;
    return locateIn(shared);
  }
};

export const composeDatabase = (
  { context, settings, place, locks }: Omit<ScanningParts, 'endpoint' | 'engine' | 'blobCache'>,
  trivy: TrivyBinary,
): VulnerabilityDatabase =>
  new VulnerabilityDatabase({
    cacheDir: place.cache,
    trivyPath: trivy.path,
    repositories: settings.TRIVY_DB_REPOSITORY,
    javaRepositories: settings.TRIVY_JAVA_DB_REPOSITORY,
    maxAgeMs: settings.TRIVY_DB_MAX_AGE * 1000,
    locks,
    log: context.console.log,
    clock: systemClock,
    trivyEnvironment: networkEnvironment(context, place),
  });

const updateDatabase = async (
  { context, settings }: ScanningParts,
  database: VulnerabilityDatabase,
  signal: AbortSignal,
): Promise<DatabaseUpdate> => {
  const { log } = context.console;
  const update = await database.update({
    skip: settings.TRIVY_SKIP_DB_UPDATE,
    signal,
    onProgress: (progress) => {
      if (progress.step === 'waiting')
        log.info('waiting until another process has the database', { held: progress.heldBy });
    },
  });
  for (const warning of update.warnings) log.warn(warning);
  return update;
};

/** The database of Java archives is larger than all else together, so it is fetched when the first image needs it. */
const obtainJava = async (
  { context, settings }: ScanningParts,
  database: VulnerabilityDatabase,
  signal: AbortSignal,
): Promise<DatabaseFiles | null> => {
  const { log } = context.console;
  const { generation, warnings } = await database.updateJava({ skip: settings.TRIVY_SKIP_DB_UPDATE, signal });
  for (const warning of warnings) log.warn(warning);
  return generation;
};

/**
 * What a child process needs to reach the network as we do, and nothing else of our environment.
 *
 * @throws ScannerError `setting_invalid` for a proxy that is none
 */
export const networkEnvironment = (
  { env, console }: Pick<CommandContext, 'env' | 'console'>,
  { cache }: Pick<Place, 'cache'>,
): Record<string, string> => {
  const { http, https, exceptions } = readProxies(env);
  return {
    ...(http !== null && { HTTP_PROXY: http.address }),
    ...(https !== null && { HTTPS_PROXY: https.address }),
    ...(exceptions !== '' && { NO_PROXY: exceptions }),
    ...authoritiesForChildren(env, cache, console.log),
  };
};

/**
 * The logins of `docker login`. Helpers of the system's key stores run with the user's own environment, as with Docker,
 * but without the secrets that are ours.
 */
export const registryCredentials = ({ env, home, console }: CommandContext): RegistryCredentials =>
  dockerConfigCredentials({
    configFile: join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json'),
    environment: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) =>
        value === undefined || SECRET_SETTINGS.has(name) ? [] : [[name, value]],
      ),
    ),
    log: console.log,
  });

const dockerEnvironment = ({ host, tls }: DockerEndpoint): Record<string, string> => {
  const material = tls?.key ?? tls?.ca ?? null;
  return {
    DOCKER_HOST: host,
    ...(tls?.verify && { DOCKER_TLS_VERIFY: '1' }),
    ...(material !== null && { DOCKER_CERT_PATH: dirname(material) }),
  };
};
