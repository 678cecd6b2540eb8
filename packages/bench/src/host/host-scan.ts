import { join } from 'node:path';

import { HostScanDocument } from '@scanner/core';
import type { Severity } from '@scanner/core';

import { builtGts, runNode } from '../built-gts.ts';
import type { NodeOutcome } from '../built-gts.ts';
import { hostScanFindings } from '../finding-sets.ts';
import type { FindingSets } from '../finding-sets.ts';
import type { HostSetting } from './host-setting.ts';

export interface HostScan {
  readonly outcome: NodeOutcome;
  readonly findings: FindingSets;
  /** Which findings it lists. */
  readonly severities: readonly Severity[];
}

/** Where a host scan in `directory` keeps the database and its scan cache. */
export function hostScanCache(directory: string): string {
  return join(directory, 'security', 'cache');
}

/**
 * Runs `gts host scan` as it was built; `directory` keeps what it knows from one run to the next. It lists findings of
 * the severities that it lists by itself, unless others are named.
 */
export async function runHostScan(
  { environment, trivy }: Pick<HostSetting, 'environment' | 'trivy'>,
  directory: string,
  signal: AbortSignal,
  severities: readonly Severity[] = [],
): Promise<HostScan> {
  const command = ['host', 'scan', '--json', '--quiet', '--dir', join(directory, 'security'), '--skip-db-update'];
  const outcome = await runNode(
    {
      args: [builtGts(), ...command, ...(severities.length === 0 ? [] : ['--severity', severities.join(',')])],
      env: { ...environment, TRIVY_PATH: trivy.path },
      workingDirectory: directory,
    },
    signal,
  );
  const document = HostScanDocument.parse(JSON.parse(outcome.stdout));
  return { outcome, findings: hostScanFindings(document), severities: document.filter.severities };
}
