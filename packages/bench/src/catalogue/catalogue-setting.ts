import { fileURLToPath } from 'node:url';

import { runNode } from '../built-gts.ts';
import type { NodeOutcome } from '../built-gts.ts';
import type { SuiteContext } from '../suite.ts';
import { plainEnvironment } from '../surroundings.ts';

/** What all measurements of the catalogue have in common. */
export interface CatalogueSetting extends SuiteContext {
  /** For everything that is written; removed in the end. */
  readonly directory: string;
}

/** Runs one of our programs below `programs`. */
export function runProgram(
  name: string,
  args: readonly (string | number)[],
  setting: CatalogueSetting,
): Promise<NodeOutcome> {
  const program = fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
  return runInSetting([program, ...args.map(String)], setting);
}

/** Runs any Node program, with nothing of the caller's environment but the search path and what is given. */
export function runInSetting(
  args: readonly string[],
  { directory, signal }: CatalogueSetting,
  env: Readonly<Record<string, string>> = {},
): Promise<NodeOutcome> {
  return runNode(
    {
      args,
      env: { ...plainEnvironment({ home: directory, temporary: directory }), ...env },
      workingDirectory: directory,
    },
    signal,
  );
}
