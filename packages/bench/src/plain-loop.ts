import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runTimed } from './command.ts';
import type { RunOutcome } from './command.ts';
import { plainFindings } from './finding-sets.ts';
import type { FindingSets } from './finding-sets.ts';

const SCAN = `"$TRIVY" image --image-src "$SOURCE" --cache-dir "$CACHE" --skip-db-update --skip-java-db-update \\
    --skip-version-check --disable-telemetry --no-progress --quiet --scanners vuln --format json \\
    --output "$REPORTS/$number.json" -- "$reference"`;

/** What everybody writes first: for each reference one `trivy image`, one after the other. */
const ONE_BY_ONE = `
number=0
for reference; do
  number=$((number + 1))
  ${SCAN} || exit
done`;

/** What everybody tries next. A scan that failed leaves no report. */
const ALL_AT_ONCE = `
number=0
for reference; do
  number=$((number + 1))
  ${SCAN} || rm -f "$REPORTS/$number.json" &
done
wait`;

export interface LoopOptions {
  readonly trivy: string;
  readonly source: 'docker' | 'remote';
  readonly references: readonly string[];
  /** Keeps its cache in `cache`, from one run to the next. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface LoopRun {
  readonly outcome: RunOutcome;
  /** References that could not be scanned are missing. */
  readonly findings: FindingSets;
}

/** Runs the loop over all references. Throws when Trivy fails on one. */
export function runPlainLoop(options: LoopOptions, signal: AbortSignal): Promise<LoopRun> {
  return runScript(ONE_BY_ONE, options, signal);
}

/** Scans all references at once, on one cache of Trivy's own. */
export function runAllAtOnce(options: LoopOptions, signal: AbortSignal): Promise<LoopRun> {
  return runScript(ALL_AT_ONCE, options, signal);
}

async function runScript(script: string, options: LoopOptions, signal: AbortSignal): Promise<LoopRun> {
  const { trivy, source, references, directory, environment } = options;
  const reports = join(directory, 'reports');
  await mkdir(reports, { recursive: true });
  const places = { CACHE: join(directory, 'cache'), REPORTS: reports };
  const outcome = await runTimed(
    {
      file: '/bin/sh',
      args: ['-c', script, 'loop', ...references],
      env: { ...environment, ...places, TRIVY: trivy, SOURCE: source },
      workingDirectory: directory,
    },
    signal,
  );
  const found = await Promise.all(references.map((reference, index) => findingsOf(reference, index, reports)));
  return { outcome, findings: new Map(found.flat()) };
}

async function findingsOf(
  reference: string,
  index: number,
  reports: string,
): Promise<(readonly [string, ReadonlySet<string>])[]> {
  const report = await readFile(join(reports, `${index + 1}.json`), 'utf8').catch(() => undefined);
  return report === undefined ? [] : [[reference, plainFindings(report)]];
}
