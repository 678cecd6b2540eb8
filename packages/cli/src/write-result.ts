import { resolve } from 'node:path';

import type { CommandContext } from '@scanner/app';
import { removeLeftovers, writeFileAtomically } from '@scanner/store';

/** A temporary file that a killed command has left is older. */
const LONGEST_WRITE_MS = 600_000;

/** Puts a result, whole or in pieces, into a file, or to stdout where none is named. */
export const writeResult = async (
  context: CommandContext,
  text: string | Iterable<string>,
  output: string | undefined,
): Promise<void> => {
  if (output === undefined) return context.console.result(text);
  await writeResultFile(context, text, resolve(context.cwd, output));
};

export const writeResultFile = async (
  { console, signal }: CommandContext,
  text: string | Iterable<string>,
  path: string,
): Promise<void> => {
  await writeFileAtomically(path, text, { signal });
  await removeLeftovers(path, { before: new Date(Date.now() - LONGEST_WRITE_MS) }).catch(() => {
    // The report is written; a directory that may not be listed is no reason to say otherwise.
  });
  console.say(`written to ${path}`);
};
