import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryDirectory } from '../temporary-directory.ts';
import { FakeTrivyCall } from './behaviour.ts';
import type { FakeTrivyBehaviour } from './behaviour.ts';

/** An executable that pretends to be Trivy, for what the real one cannot be made to do. */
export interface FakeTrivy extends AsyncDisposable {
  /** The executable, whose file name is `trivy`. */
  readonly path: string;
  /** Every call so far. */
  calls(): Promise<FakeTrivyCall[]>;
}

/** What it says and does. */
export interface FakeTrivyOptions {
  readonly behaviour: FakeTrivyBehaviour;
  /** The version it claims; `0.74.0` unless told. */
  readonly version?: string;
}

/**
 * Makes a fake Trivy, which answers `version` and `--version` and behaves as told otherwise. Disposing removes its
 * files and kills what it has left behind.
 */
export async function fakeTrivy({ behaviour, version = '0.74.0' }: FakeTrivyOptions): Promise<FakeTrivy> {
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'trivy');
  const ordersFile = join(directory.path, 'orders.json');
  const callsFile = join(directory.path, 'calls.jsonl');
  await writeFile(ordersFile, JSON.stringify({ version, behaviour, callsFile }));
  await writeFile(path, launcher(ordersFile), { mode: 0o755 });
  const calls = (): Promise<FakeTrivyCall[]> => callsIn(callsFile);
  return {
    path,
    calls,
    async [Symbol.asyncDispose]() {
      await killProcessesNaming(ordersFile);
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** The shell is replaced by the program, so that signals reach it. */
function launcher(ordersFile: string): string {
  const program = fileURLToPath(new URL('./program.ts', import.meta.url));
  return `#!/bin/sh\nexec '${process.execPath}' --conditions=@scanner/source '${program}' '${ordersFile}' "$@"\n`;
}

async function callsIn(callsFile: string): Promise<FakeTrivyCall[]> {
  const lines = await readFile(callsFile, 'utf8').catch(() => '');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => FakeTrivyCall.parse(JSON.parse(line)));
}

async function killProcessesNaming(ordersFile: string): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (commandLine.split('\0').includes(ordersFile)) process.kill(Number(pid), 'SIGKILL');
  }
}
