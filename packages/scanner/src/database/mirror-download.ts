import { mkdir, lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '@scanner/core';

import { type ProcessEnd, runProcess } from '../trivy/run-process.ts';
import type { DatabaseKind } from './database-kind.ts';
import { watchGrowth } from './directory-growth.ts';
import { isDiskFull } from './file-error.ts';
import { type DatabaseGeneration, generationFiles, inspectGeneration, sealGeneration } from './generation.ts';
import { failureFromTrivy, type MirrorFailure, mirrorFailure } from './mirror-failure.ts';
import { guardGroup } from './orphan-processes.ts';
import { probeDatabase } from './probe-scan.ts';

export interface DownloadLimits {
  /** For one mirror, in milliseconds. */
  readonly deadlineMs: number;
  /** How long a mirror may send nothing, in milliseconds. */
  readonly stallMs: number;
}

export interface MirrorDownloadOptions {
  readonly kind: DatabaseKind;
  readonly trivyPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: DownloadLimits;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export type MirrorAnswer =
  /** A database that may be adopted from that directory; `isNewer` than the current one, or the same again. */
  { readonly staged: string; readonly isNewer: boolean } | { readonly failure: MirrorFailure };

/** A mirror's clock, or ours, may be off by that much. */
const FUTURE_MS = 24 * 3_600_000;
const SMALLEST_SHARE = 0.5;

/**
 * Has Trivy download a database from one mirror into an empty directory, and checks what came. Everything that can be
 * wrong with the mirror is a value; rejects with the signal's reason on abort.
 *
 * @param staging an empty directory, which is gone after a failure
 */
export const downloadFromMirror = async (
  repository: string,
  staging: string,
  current: DatabaseGeneration | null,
  options: MirrorDownloadOptions,
): Promise<MirrorAnswer> => {
  const answer = await tryDownload(repository, staging, current, options);
  if ('failure' in answer) await rm(staging, { recursive: true, force: true });
  return answer;
};

const tryDownload: typeof downloadFromMirror = async (repository, staging, current, options) => {
  try {
    const refused = await runDownload(repository, staging, options);
    return refused === null ? await judge(repository, staging, current, options) : { failure: refused };
  } catch (error) {
    options.signal?.throwIfAborted();
    const reason = isDiskFull(error) ? 'disk_full' : 'trivy_failed';
    return { failure: mirrorFailure(repository, reason, error instanceof Error ? error.message : String(error)) };
  }
};

const runDownload = async (
  repository: string,
  staging: string,
  { kind, trivyPath, environment, limits, signal, onBytes }: MirrorDownloadOptions,
): Promise<MirrorFailure | null> => {
  const work = join(staging, 'work');
  await mkdir(work);
  await using growth = watchGrowth(staging, limits.stallMs, onBytes);
  using guard = guardGroup();
  const end = await runProcess({
    file: trivyPath,
    args: [
      ...['image', '--config', '/dev/null', '--cache-dir', join(staging, 'cache'), '--no-progress'],
      ...kind.downloadArguments(repository),
    ],
    cwd: work,
    environment: ownEnvironment(environment, work),
    deadlineMs: limits.deadlineMs,
    onGroup: guard.onGroup,
    signal: AbortSignal.any([growth.stalled, ...(signal === undefined ? [] : [signal])]),
  });
  signal?.throwIfAborted();
  await rm(work, { recursive: true, force: true });
  return failureOf(repository, end, limits);
};

const failureOf = (repository: string, end: ProcessEnd, limits: DownloadLimits): MirrorFailure | null => {
  if (end.startError !== null) return mirrorFailure(repository, 'trivy_failed', `not started: ${end.startError}`);
  if (end.stopped === 'aborted')
    return mirrorFailure(repository, 'timeout', `it sent nothing for ${limits.stallMs / 1000} s`);
  if (end.stopped !== null)
    return mirrorFailure(repository, 'timeout', `not finished after ${limits.deadlineMs / 1000} s`);
  return end.exitCode === 0 ? null : failureFromTrivy(repository, end.stderr);
};

const judge = async (
  repository: string,
  staging: string,
  current: DatabaseGeneration | null,
  { kind, trivyPath, environment, clock, signal }: MirrorDownloadOptions,
): Promise<MirrorAnswer> => {
  const cache = join(staging, 'cache');
  const staged = join(cache, kind.directory);
  const notUsable = (detail: string): MirrorAnswer => ({
    failure: mirrorFailure(repository, 'not_a_database', detail),
  });
  if (!(await holdsOnlyFiles(kind, staged)))
    return notUsable(`it does not hold ${generationFiles(kind).join(' and ')}`);
  const inspection = await inspectGeneration(kind, staged);
  if (inspection.state !== 'good') return notUsable(inspection.state === 'damaged' ? inspection.why : 'it is empty');
  const doubt = doubtOf(inspection.generation, current, clock);
  if (doubt !== null) return { failure: { repository, ...doubt } };
  if (kind.openedByEveryScan) {
    const workDir = join(staging, 'probe');
    await mkdir(workDir);
    const variables = ownEnvironment(environment, workDir);
    const refusal = await probeDatabase({ trivyPath, cacheDir: cache, workDir, environment: variables, signal });
    if (refusal !== null) return notUsable(refusal);
  }
  await sealGeneration(kind, staged, signal);
  return { staged, isNewer: current === null || inspection.generation.updatedAt > current.updatedAt };
};

/** An archive from outside may hold links that lead anywhere. */
const holdsOnlyFiles = async (kind: DatabaseKind, directory: string): Promise<boolean> => {
  const found = await Promise.all(
    generationFiles(kind).map(
      async (name) => (await lstat(join(directory, name)).catch(() => null))?.isFile() ?? false,
    ),
  );
  return found.every(Boolean);
};

const doubtOf = (
  downloaded: DatabaseGeneration,
  current: DatabaseGeneration | null,
  clock: Clock,
): Pick<MirrorFailure, 'reason' | 'detail'> | null => {
  const date = downloaded.updatedAt.toISOString();
  if (downloaded.updatedAt.getTime() > clock.now().getTime() + FUTURE_MS)
    return { reason: 'suspicious', detail: `it is dated ${date}, in the future` };
  if (current === null) return null;
  if (downloaded.updatedAt < current.updatedAt)
    return { reason: 'lagging', detail: `it is of ${date}, ours of ${current.updatedAt.toISOString()}` };
  if (downloaded.size < current.size * SMALLEST_SHARE)
    return {
      reason: 'suspicious',
      detail: `it has ${downloaded.size} bytes, ours ${current.size}; remove ${current.directory} to take it all the same`,
    };
  return null;
};

/** The caller's allow-listed variables and a home of its own, where no configuration, module or plugin lies. */
const ownEnvironment = (environment: Readonly<Record<string, string>>, home: string): Record<string, string> => ({
  ...environment,
  HOME: home,
  TMPDIR: home,
  XDG_DATA_HOME: home,
  // Not as flags: versions before 0.63 do not know them.
  TRIVY_SKIP_VERSION_CHECK: 'true',
  TRIVY_DISABLE_TELEMETRY: 'true',
});
