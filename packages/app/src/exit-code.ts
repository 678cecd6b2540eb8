import { type ErrorCode, ScannerError } from '@scanner/core';

/** What a command ends with; `docs/cli.md` says the same to readers. */
export const EXIT = { done: 0, gate: 1, usage: 2, partly: 3, impossible: 4, sigint: 130, sigterm: 143 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Strongest first: a stop by signal, a usage error, could not run, a gate, finished in part. */
const STRENGTH: readonly ExitCode[] = [130, 143, 2, 4, 1, 3, 0];

export const strongest = (...codes: readonly ExitCode[]): ExitCode =>
  STRENGTH.find((code) => codes.includes(code)) ?? EXIT.done;

const USAGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'usage',
  'setting_invalid',
  'ignore_file_unreadable',
  'file_too_new',
]);

export const exitCodeOf = (error: unknown): ExitCode =>
  ScannerError.is(error) && USAGE.has(error.code) ? EXIT.usage : EXIT.impossible;
