import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runTimed } from './command.ts';
import type { Command, RunOutcome } from './command.ts';

const RECORDER = new URL('./record-peak-memory.mjs', import.meta.url);

/** A Node program to be measured; its directory must be writable. */
export interface NodeCommand extends Omit<Command, 'file'> {
  /** The program first. */
  readonly args: readonly string[];
}

export interface NodeOutcome extends RunOutcome {
  /** The most memory that the process held at once, without its children. */
  readonly peakMemoryBytes: number;
}

/** Where the `gts` lies that users run. */
export function builtGts(): string {
  return join(dirname(fileURLToPath(import.meta.resolve('@scanner/cli/package.json'))), 'dist', 'main.js');
}

/** Runs a Node program as {@link runTimed} does, and says how much memory it took. */
export async function runNode(command: NodeCommand, signal: AbortSignal): Promise<NodeOutcome> {
  const peakMemoryFile = join(command.workingDirectory, 'peak-memory');
  const outcome = await runTimed(
    {
      ...command,
      file: process.execPath,
      args: [`--import=${RECORDER.href}`, ...command.args],
      env: { ...command.env, BENCH_PEAK_MEMORY_FILE: peakMemoryFile },
    },
    signal,
  );
  return { ...outcome, peakMemoryBytes: Number(await readFile(peakMemoryFile, 'utf8')) };
}
