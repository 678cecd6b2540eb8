import type { ParseArgsOptionsConfig } from 'node:util';

/** Values of a suite's own options, by name. */
export type SuiteOptions = Readonly<Record<string, unknown>>;

/** What every suite is given. */
export interface SuiteContext {
  /** How often everything is measured; 1 or more. */
  readonly rounds: number;
  readonly signal: AbortSignal;
  /** Tells what is being done. */
  readonly note: (line: string) => void;
}

export interface SuiteOutcome {
  /** For people. */
  readonly text: string;
  /** For programs: plain data with every sample. */
  readonly result: Readonly<Record<string, unknown>>;
  /** Why the measurements mean nothing, as sentences. */
  readonly problems: readonly string[];
}

/** A set of measurements that belong together. */
export interface Suite {
  readonly name: string;
  /** One line for the list of suites. */
  readonly summary: string;
  readonly options: ParseArgsOptionsConfig;
  /** One line for each option. */
  readonly optionsHelp: readonly string[];
  /** Checks the options and gives what then measures. Throws {@link UsageError}. */
  prepare(options: SuiteOptions): (context: SuiteContext) => Promise<SuiteOutcome>;
}

/** A command line that asks for what there is not. */
export class UsageError extends Error {}
