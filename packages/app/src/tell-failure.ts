import { placeError, ScannerError } from '@scanner/core';

import type { Console } from './console/console.ts';
import { type ExitCode, exitCodeOf } from './exit-code.ts';

/** Tells what ended a program, as people read it and, with `--json`, as a document. */
export const tellFailure = async (error: unknown, console: Console): Promise<ExitCode> => {
  const told = ScannerError.is(error) ? error : unforeseen(error);
  console.fail(told);
  if (console.verbose && error instanceof Error)
    for (const line of (error.stack ?? '').split('\n')) console.complain(console.inert(line));
  if (console.json)
    await console.document({
      schema: 'gts.error/1',
      error: { code: told.code, message: told.message, hint: told.hint },
    });
  return exitCodeOf(error);
};

/** What the system denied, where nobody said it better, is no fault of ours. */
const unforeseen = (cause: unknown): ScannerError =>
  placeError(placeOf(cause), cause) ??
  new ScannerError(cause instanceof Error ? cause.message : String(cause), {
    code: 'internal',
    hint: 'this is a fault of gts; please report it with what the same command says with --verbose',
    cause,
  });

/** System errors name what they are about. */
const placeOf = (error: unknown): string =>
  error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : 'a file';
