import { join } from 'node:path';

import { HostScanDocument, SEVERITIES } from '@scanner/core';

import { builtGts, runNode } from '../built-gts.ts';
import { hostScanFindings } from './finding-sets.ts';
import type { HostSetting } from './host-setting.ts';
import type { HostRun } from './plain-loop.ts';

/** Runs `gts host scan` as it was built; `directory` keeps what it knows from one run to the next. */
export async function runHostScan(setting: HostSetting, directory: string, signal: AbortSignal): Promise<HostRun> {
  const command = ['host', 'scan', '--json', '--quiet', '--dir', join(directory, 'security'), '--skip-db-update'];
  const outcome = await runNode(
    {
      args: [builtGts(), ...command, '--severity', SEVERITIES.join(',')],
      env: { ...setting.environment, TRIVY_PATH: setting.trivy.path },
      workingDirectory: directory,
    },
    signal,
  );
  return {
    outcome,
    findings: hostScanFindings(HostScanDocument.parse(JSON.parse(outcome.stdout))),
    peakMemoryBytes: outcome.peakMemoryBytes,
  };
}
