import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { runTimed } from './command.ts';
import type { Command, RunOutcome } from './command.ts';

const RECORDER = new URL('./record-usage.mjs', import.meta.url);

/** A Node program to be measured; its directory must be writable. */
export interface NodeCommand extends Omit<Command, 'file'> {
  /** The program first. */
  readonly args: readonly string[];
}

/** What a Node process has used. */
const NodeUsage = z.object({
  /** The most memory that the process held at once, without its children. */
  peakMemoryBytes: z.number(),
  /** User and system time of the process alone. */
  cpuSeconds: z.number(),
  /** The same of all processes that it started, and of theirs. */
  childrenCpuSeconds: z.number(),
});

export interface NodeOutcome extends RunOutcome, z.infer<typeof NodeUsage> {}

/** Where the `gts` lies that users run. */
export function builtGts(): string {
  return join(dirname(fileURLToPath(import.meta.resolve('@scanner/cli/package.json'))), 'dist', 'main.js');
}

/** Runs a Node program as {@link runTimed} does, and says what it has used. */
export async function runNode(command: NodeCommand, signal: AbortSignal): Promise<NodeOutcome> {
  const usageFile = join(command.workingDirectory, 'usage.json');
  const outcome = await runTimed(
    {
      ...command,
      file: process.execPath,
      args: [`--import=${RECORDER.href}`, ...command.args],
      env: { ...command.env, BENCH_USAGE_FILE: usageFile },
    },
    signal,
  );
  return { ...outcome, ...NodeUsage.parse(JSON.parse(await readFile(usageFile, 'utf8'))) };
}
