import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { HostScanDocument, SEVERITIES } from '@scanner/core';

import { runTimed } from '../command.ts';
import { hostScanFindings } from './finding-sets.ts';
import type { HostSetting } from './host-setting.ts';
import type { HostRun } from './plain-loop.ts';

const RECORDER = new URL('./record-peak-memory.mjs', import.meta.url);

/** Runs `gts host scan` as it was built; `directory` keeps what it knows from one run to the next. */
export async function runHostScan(setting: HostSetting, directory: string, signal: AbortSignal): Promise<HostRun> {
  const peakMemoryFile = join(directory, 'peak-memory');
  const command = ['host', 'scan', '--json', '--quiet', '--dir', join(directory, 'security'), '--skip-db-update'];
  const outcome = await runTimed(
    {
      file: process.execPath,
      args: [`--import=${RECORDER.href}`, builtGts(), ...command, '--severity', SEVERITIES.join(',')],
      env: { ...setting.environment, TRIVY_PATH: setting.trivy.path, BENCH_PEAK_MEMORY_FILE: peakMemoryFile },
      workingDirectory: directory,
    },
    signal,
  );
  return {
    outcome,
    findings: hostScanFindings(HostScanDocument.parse(JSON.parse(outcome.stdout))),
    peakMemoryBytes: Number(await readFile(peakMemoryFile, 'utf8')),
  };
}

function builtGts(): string {
  return join(dirname(fileURLToPath(import.meta.resolve('@scanner/cli/package.json'))), 'dist', 'main.js');
}
