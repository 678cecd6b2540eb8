import { resolve } from 'node:path';

import type { CommandContext } from '@scanner/app';
import { writeFileAtomically } from '@scanner/store';

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
  console.say(`written to ${path}`);
};
