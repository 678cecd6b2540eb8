import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { InMemoryBlobCache, makeDirectories, silentLog } from '@scanner/core';
import type { Clock, LockKeeper, Log } from '@scanner/core';

import { openExecutable } from '../trivy-binary/executable-file.ts';
import type { ExecutableFile } from '../trivy-binary/executable-file.ts';
import { ProgramMemory } from '../trivy-binary/program-memory.ts';
import type { Measured } from '../trivy-binary/program-memory.ts';
import type { TrivyScannerOptions } from '../trivy/open-trivy-scanner.ts';
import { SESSION_LOCK, SESSION_PREFIX } from '../trivy/session.ts';
import type { TrivyScanner } from '../trivy/trivy-scanner.ts';
import { exportOf, writeBundledFiles } from './bundled-images.ts';
import type { BundledFiles } from './bundled-images.ts';
import { compareWays } from './compare-ways.ts';
import type { Comparison } from './compare-ways.ts';

export interface MeasurementParts {
  readonly trivy: { readonly path: string; readonly version: string };
  /** Where what was measured is remembered. */
  readonly directory: string;
  /** As `TrivyScannerOptions` has it. */
  readonly workDirectory: string;
  readonly locks: LockKeeper;
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number | undefined;
  readonly openByProcess: (options: TrivyScannerOptions) => Promise<TrivyScanner>;
  readonly openByLayers: (options: TrivyScannerOptions) => Promise<TrivyScanner>;
}

/** To be raised when something else is measured or compared. */
const REVISION = 1;
const LOCK_FILE = 'trivy-measuring.lock';
const DEADLINE_MS = 120_000;
const SILENT_FOR_MS = 2000;
/** What stood in the way of a measurement may be gone by then. */
const UNKNOWN_FOR_MS = 3_600_000;

/**
 * Whether a Trivy that is newer than the tested ones finds by layers what it finds by a process for each image: the
 * bundled images are scanned in both ways, once for each program, with a scan cache of their own.
 *
 * @throws ScannerError `trivy_missing`, `trivy_not_executable`, `trivy_broken`, `directory_unusable` or `disk_full`;
 *   rejects with the signal's reason on abort
 */
export const measureLayerwise = async (parts: MeasurementParts): Promise<boolean> => {
  const { trivy, directory, log } = parts;
  const program = await openExecutable(trivy.path);
  const measurement = { ...parts, program, memory: new ProgramMemory(directory) };
  const known = await recall(measurement);
  if (known !== null) return known === 'equal';
  using _saying = sayAfter(SILENT_FOR_MS, () =>
    log.info('a new Trivy is measured, once: bundled images are scanned in two ways', factsOf(trivy)),
  );
  return (await measureInTurn(measurement)) === 'equal';
};

interface Measurement extends MeasurementParts {
  readonly program: ExecutableFile;
  readonly memory: ProgramMemory;
}

type Outcome = Measured['outcome'];

/** Null where it is not known, or no longer. */
const recall = async ({ memory, program, trivy, clock }: Measurement): Promise<Outcome | null> => {
  const known = await memory.recall(program);
  if (known?.version !== trivy.version || known.measured?.revision !== REVISION) return null;
  const { outcome, at } = known.measured;
  const ageMs = clock.now().getTime() - Date.parse(at);
  const isOver = outcome === 'unknown' && !(ageMs >= 0 && ageMs < UNKNOWN_FOR_MS);
  return isOver ? null : outcome;
};

/** Whoever comes second takes what the first has found. */
const measureInTurn = async (measurement: Measurement): Promise<Outcome> => {
  const { directory, locks, signal, deadlineMs = DEADLINE_MS } = measurement;
  const holder = `gts (pid ${process.pid} on ${hostname()})`;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  await makeDirectories(directory);
  try {
    using _lock = await locks.acquire(join(directory, LOCK_FILE), holder, { signal: deadline });
    return (await recall(measurement)) ?? (await measure(measurement, deadline));
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
    tell({ outcome: 'unknown', reason: 'another process took too long to measure it' }, measurement);
    return 'unknown';
  }
};

const measure = async (measurement: Measurement, deadline: AbortSignal): Promise<Outcome> => {
  const { memory, program, trivy, clock, signal } = measurement;
  const comparison = await compare(measurement, deadline).catch((error: unknown): Comparison => {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
    return { outcome: 'unknown', reason: 'it took too long' };
  });
  const { outcome } = comparison;
  const measured = { revision: REVISION, outcome, at: clock.now().toISOString() };
  await memory.remember(program, { version: trivy.version, measured });
  tell(comparison, measurement);
  return outcome;
};

/** In a directory that is swept as a session is where this process is killed. */
const compare = async (parts: MeasurementParts, signal: AbortSignal): Promise<Comparison> => {
  const { workDirectory, locks } = parts;
  const directory = join(workDirectory, `${SESSION_PREFIX}${randomBytes(8).toString('hex')}`);
  try {
    await makeDirectories(directory, 0o700);
    using _lock = await locks.acquire(join(directory, SESSION_LOCK), 'measuring', { signal });
    const files = await writeBundledFiles(directory);
    const common = scannerOptions(parts, files);
    await using byProcess = await parts.openByProcess(common);
    await using byLayers = await parts.openByLayers({
      ...common,
      blobCache: new InMemoryBlobCache(),
      imageExport: exportOf(files.images),
    });
    return await compareWays({ byProcess, byLayers }, files.images, signal);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
};

const scannerOptions = (
  { trivy, workDirectory, locks, clock }: MeasurementParts,
  { database }: BundledFiles,
): TrivyScannerOptions => ({
  trivy,
  database: {
    vulnerabilities: { directory: database, id: 'bundled', updatedAt: new Date(0) },
    stale: false,
    java: null,
  },
  blobCache: new InMemoryBlobCache(),
  workDirectory,
  locks,
  // There is no engine to fall back on: what layers cannot answer has to fail.
  dockerEnvironment: { DOCKER_HOST: `unix://${join(workDirectory, 'no-engine.sock')}` },
  concurrency: 1,
  log: silentLog,
  clock,
});

const tell = (comparison: Comparison, { trivy, log }: MeasurementParts): void => {
  const { outcome, ...facts } = comparison;
  const told = { ...factsOf(trivy), ...facts };
  if (outcome === 'equal') log.info('this Trivy is newer than those tested, and finds the same in both ways', told);
  else if (outcome === 'different')
    log.warn('this Trivy finds something else by layers: each image is scanned by a Trivy process of its own', told);
  else log.warn('this Trivy could not be measured: each image is scanned by a Trivy process of its own', told);
};

const factsOf = ({ path, version }: MeasurementParts['trivy']): Readonly<Record<string, string>> => ({ path, version });

const sayAfter = (ms: number, say: () => void): Disposable => {
  const timer = setTimeout(say, ms);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
};
