import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runTimed } from '../command.ts';
import type { RunOutcome } from '../command.ts';
import type { FindingSets } from './finding-sets.ts';
import { plainFindings } from './finding-sets.ts';
import type { HostSetting } from './host-setting.ts';

/** What everybody writes first: for each reference of the engine one `trivy image`, one after the other. */
const SCRIPT = `
number=0
for reference; do
  number=$((number + 1))
  "$TRIVY" image --image-src docker --cache-dir "$CACHE" --skip-db-update --skip-java-db-update --skip-version-check \\
    --disable-telemetry --no-progress --quiet --scanners vuln --format json --output "$REPORTS/$number.json" \\
    -- "$reference" || exit
done`;

export interface HostRun {
  readonly outcome: RunOutcome;
  readonly findings: FindingSets;
  readonly peakMemoryBytes: number | null;
}

/** Runs the loop over all references; `directory` keeps its cache from one run to the next. */
export async function runPlainLoop(setting: HostSetting, directory: string, signal: AbortSignal): Promise<HostRun> {
  const { references } = setting.set;
  const reports = join(directory, 'reports');
  await mkdir(reports, { recursive: true });
  const outcome = await runTimed(
    {
      file: '/bin/sh',
      args: ['-c', SCRIPT, 'loop', ...references],
      env: { ...setting.environment, TRIVY: setting.trivy.path, CACHE: join(directory, 'cache'), REPORTS: reports },
      workingDirectory: directory,
    },
    signal,
  );
  const found = await Promise.all(
    references.map(async (reference, index) => {
      const report = await readFile(join(reports, `${index + 1}.json`), 'utf8');
      return [reference, plainFindings(report)] as const;
    }),
  );
  return { outcome, findings: new Map(found), peakMemoryBytes: null };
}
