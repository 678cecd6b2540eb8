import { ScannerError } from '@scanner/core';

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

const unforeseen = (cause: unknown): ScannerError =>
  new ScannerError(cause instanceof Error ? cause.message : String(cause), {
    code: 'internal',
    hint: 'this is a fault of gts; please report it with what the same command says with --verbose',
    cause,
  });
