import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { type Log, makeDirectories, placeError, ScannerError, silentLog } from '@scanner/core';

import { binariesDirectory, listCachedBinaries } from './cached-binaries.ts';
import { buildOrigin, buildTrivy, findGo, goMissing } from './go-build.ts';
import type { InstallOptions } from './install-options.ts';
import { examineTrivy } from './locate-trivy.ts';
import { fetchRelease, type PreparedBinary } from './release-install.ts';
import type { TrivyBinary } from './trivy-binary.ts';
import { judgeVersion, PINNED_VERSION } from './trivy-version.ts';
import { probeVersion } from './version-probe.ts';

const PARTIAL = '.partial-';

/**
 * Gets Trivy into the cache, unless it is there already: the verified release, or a build of the pinned source.
 * One process at a time; those that waited find what the first one got. Nothing is in place before all of it is checked.
 *
 * @throws ScannerError `trivy_refused` before anything is fetched; `trivy_unreachable`, `trivy_unverified`,
 *   `trivy_build_failed`, `trivy_broken`, `trivy_missing`, `setting_invalid`, `directory_unusable` or `disk_full`
 * @example
 * await installTrivy({ cacheDir: '/var/cache/gts', locks, log, onProgress: ({ step }) => show(step) });
 * // { path: '/var/cache/gts/trivy/0.74.0-release-…/trivy', version: '0.74.0', origin: 'cache', warnings: [] }
 */
export const installTrivy = async (options: InstallOptions): Promise<TrivyBinary> => {
  const version = (options.version ?? PINNED_VERSION).replace(/^v/v, '');
  checkRequest(version, options);
  const log = options.log ?? silentLog;
  const directory = binariesDirectory(options.cacheDir);
  return withDiskErrors(directory, async () => {
    await makeDirectories(directory);
    const lock = await options.locks.acquire(join(directory, 'install.lock'), options.holder ?? 'Trivy installation', {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onWait: (heldBy) => log.info('waiting for another installation of Trivy', { heldBy }),
    });
    try {
      return (await findInstalled(version, options)) ?? (await install(version, directory, options, log));
    } finally {
      lock.release();
    }
  });
};

const checkRequest = (version: string, { method }: InstallOptions): void => {
  judgeVersion(version, 'asked for');
  if (!/^\d+\.\d+\.\d+$/v.test(version)) {
    throw new ScannerError(`${JSON.stringify(version)} is no release of Trivy`, {
      code: 'setting_invalid',
      hint: `give it as in ${PINNED_VERSION}`,
    });
  }
  if (method === 'build' && version !== PINNED_VERSION) {
    throw new ScannerError(`Trivy ${version} cannot be built: only ${PINNED_VERSION} has its source pinned`, {
      code: 'setting_invalid',
      hint: `build ${PINNED_VERSION}, or install the release`,
    });
  }
};

const findInstalled = async (version: string, options: InstallOptions): Promise<TrivyBinary | null> => {
  const built = await buildOrigin();
  for (const cached of await listCachedBinaries(options.cacheDir)) {
    const isBuild = cached.origin === built;
    const isWanted = isBuild ? options.method !== 'release' : options.method !== 'build' && isRelease(cached.origin);
    if (cached.version !== version || !isWanted) continue;
    try {
      const found = await examineTrivy(cached.path, 'cache', options);
      if (found.version === version) return found;
    } catch {
      options.signal?.throwIfAborted();
    }
  }
  return null;
};

const isRelease = (origin: string): boolean => origin.startsWith('release-');

/** Runs under the lock, so every partial directory is one that a dead process left. */
const install = async (version: string, directory: string, options: InstallOptions, log: Log): Promise<TrivyBinary> => {
  await removePartial(directory);
  const partial = await mkdtemp(join(directory, PARTIAL));
  try {
    const prepared = await prepare(version, partial, options, log);
    await checkVersion(prepared, version, options);
    const path = await putInPlace(prepared, join(directory, `${version}-${prepared.origin}`), partial);
    return await examineTrivy(path, 'cache', options);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
};

const removePartial = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory)) {
    if (name.startsWith(PARTIAL)) await rm(join(directory, name), { recursive: true, force: true });
  }
};

const prepare = async (
  version: string,
  partial: string,
  options: InstallOptions,
  log: Log,
): Promise<PreparedBinary> => {
  const [released, built] = [join(partial, 'release'), join(partial, 'build')];
  await mkdir(released);
  await mkdir(built);
  if (options.method === 'build') return build(built, options, log, goMissing());
  try {
    return await fetchRelease(version, released, options, log);
  } catch (error) {
    const mayBuild = options.method !== 'release' && version === PINNED_VERSION;
    if (!mayBuild || !ScannerError.is(error) || error.code !== 'trivy_unreachable') throw error;
    log.warn('releases of Trivy cannot be downloaded', { reason: error.message });
    return build(built, options, log, withoutGo(error));
  }
};

const build = async (
  directory: string,
  options: InstallOptions,
  log: Log,
  impossible: ScannerError,
): Promise<PreparedBinary> => {
  const go = await findGo(directory, options);
  if (go === null) throw impossible;
  return buildTrivy(go, directory, options, log);
};

const withoutGo = (error: ScannerError): ScannerError =>
  new ScannerError(error.message, {
    code: error.code,
    hint: `${error.hint ?? 'check the network'}; or install Go, from 1.26.3 on, to have Trivy built`,
    cause: error.cause,
  });

/** What a release or a build turns out to be is not taken on trust. */
const checkVersion = async ({ path }: PreparedBinary, version: string, { signal }: InstallOptions): Promise<void> => {
  const actual = await probeVersion(path, { signal });
  judgeVersion(actual, 'just got');
  if (actual !== version) {
    throw new ScannerError(`what was got as Trivy ${version} says it is ${actual}`, {
      code: 'trivy_unverified',
      hint: 'nothing was installed; check the release before trying again',
    });
  }
};

/** In one step; what lies there already did not work, or it would have been used. */
const putInPlace = async ({ path }: PreparedBinary, destination: string, partial: string): Promise<string> => {
  const ready = join(partial, 'ready');
  await mkdir(ready, { mode: 0o755 });
  await rename(path, join(ready, 'trivy'));
  try {
    await rename(destination, join(partial, `replaced-${basename(destination)}`));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  await rename(ready, destination);
  return join(destination, 'trivy');
};

const withDiskErrors = async <Result>(directory: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (cause) {
    const known = placeError(directory, cause);
    if (known !== undefined) throw known;
    if (hasCode(cause, 'EACCES', 'EPERM')) {
      throw new ScannerError(`${directory} cannot be written`, {
        code: 'directory_unusable',
        hint: `make ${dirname(directory)} writable, or name another cache directory`,
        cause,
      });
    }
    throw cause;
  }
};

const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
