import type { CommandContext, Place } from '@scanner/app';
import { type Check, ScannerError } from '@scanner/core';
import type { Settings } from '@scanner/core/config';

/** What a check may look at. */
export interface CheckParts {
  readonly context: CommandContext;
  readonly settings: Settings;
  readonly place: Place;
}

export const good = (name: string, message: string): Check => ({ name, state: 'ok', message, hint: null });

export const odd = (name: string, message: string, hint: string | null): Check => ({
  name,
  state: 'warning',
  message,
  hint,
});

/** What stands in the way, with what its error says to do. */
export const bad = (name: string, error: unknown): Check => ({
  name,
  state: 'failed',
  message: error instanceof Error ? error.message : String(error),
  hint: ScannerError.is(error) ? error.hint : null,
});
