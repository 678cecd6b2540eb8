import { resolve } from 'node:path';

import { ScannerError } from '@scanner/core';

import { listCachedBinaries } from './cached-binaries.ts';
import { describeForeignHands, type ExecutableFile, findInSearchPath, openExecutable } from './executable-file.ts';
import { ProgramMemory } from './program-memory.ts';
import type { TrivyBinary } from './trivy-binary.ts';
import { judgeVersion } from './trivy-version.ts';
import { probeVersion } from './version-probe.ts';

export interface LocateOptions {
  /** The one to use and no other. */
  readonly explicitPath?: string | undefined;
  /** The value of `PATH`. */
  readonly searchPath?: string | undefined;
  /** Where {@link installTrivy} puts what it gets, and where versions are remembered. */
  readonly cacheDir: string;
  /** How long a program may take to say its version; 20 s unless told otherwise. */
  readonly probeDeadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds the Trivy to use: the explicit one, else the first in the search path, else the newest one of the cache.
 * One that is found and must not be used ends the search, so that nobody is left with it unawares.
 *
 * @throws ScannerError `trivy_missing`, `trivy_not_executable`, `trivy_broken` or `trivy_refused`
 * @example
 * const trivy = await locateTrivy({ searchPath: '/usr/local/bin:/usr/bin', cacheDir: '/var/cache/gts' });
 * // { path: '/usr/bin/trivy', version: '0.74.0', origin: 'path', warnings: [] }
 */
export const locateTrivy = async (options: LocateOptions): Promise<TrivyBinary> => {
  if (options.explicitPath !== undefined) return examineTrivy(resolve(options.explicitPath), 'explicit', options);
  const inPath = await findInSearchPath('trivy', options.searchPath ?? '');
  if (inPath !== null) return examineTrivy(inPath, 'path', options);
  const cached = await examineCached(options);
  if (cached !== null) return cached;
  throw new ScannerError(`no Trivy in the search path and none in ${options.cacheDir}`, {
    code: 'trivy_missing',
    hint: 'get it: gts trivy install',
  });
};

/** One that does not work is passed over for an older one that does (never a refused one); without such, its error is the answer. */
const examineCached = async (options: LocateOptions): Promise<TrivyBinary | null> => {
  let firstError: unknown = null;
  for (const { path } of await listCachedBinaries(options.cacheDir)) {
    try {
      return await examineTrivy(path, 'cache', options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (ScannerError.is(error) && error.code === 'trivy_refused') throw error;
      firstError ??= error;
    }
  }
  if (firstError !== null) throw firstError;
  return null;
};

/**
 * Judges the Trivy at one path: file, version, who else can change it.
 *
 * @throws ScannerError `trivy_missing`, `trivy_not_executable`, `trivy_broken` or `trivy_refused`
 */
export const examineTrivy = async (
  path: string,
  origin: TrivyBinary['origin'],
  options: Pick<LocateOptions, 'cacheDir' | 'probeDeadlineMs' | 'signal'>,
): Promise<TrivyBinary> => {
  const program = await openExecutable(path);
  const version = await askVersion(program, options);
  const warnings = judgeVersion(version, program.path);
  const foreignHands = describeForeignHands(program);
  return {
    path: program.path,
    version,
    origin,
    warnings: foreignHands === null ? warnings : [...warnings, foreignHands],
  };
};

const askVersion = async (
  program: ExecutableFile,
  { cacheDir, probeDeadlineMs, signal }: Pick<LocateOptions, 'cacheDir' | 'probeDeadlineMs' | 'signal'>,
): Promise<string> => {
  const memory = new ProgramMemory(cacheDir);
  const remembered = await memory.recall(program);
  if (remembered !== null) return remembered.version;
  const version = await probeVersion(program.path, { deadlineMs: probeDeadlineMs, signal });
  await memory.remember(program, { version });
  return version;
};
