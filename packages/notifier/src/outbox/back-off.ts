import type { DeliveryFailure } from './channel-sender.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

const PACE = {
  soon: { first: 30 * SECOND, longest: HOUR },
  held: { first: HOUR, longest: 6 * HOUR },
} as const;

/** No delay is longer; a moment further ahead was written under another clock. */
export const LONGEST_DELAY_MS = 7.2 * HOUR;

/**
 * Milliseconds until the next attempt: twice as long each time up to an hour, or from
 * one to six where somebody has to change something first; a fifth more or less, so that many hosts do not come back at
 * one moment, and never less than an hour where trying often would lock an account.
 *
 * @param attempts those that failed so far, this one included
 * @param random from 0 up to 1
 */
export const delayAfter = (
  { again, retryAfterMs = 0 }: Pick<DeliveryFailure, 'retryAfterMs'> & { readonly again: 'soon' | 'held' },
  attempts: number,
  random: number,
): number => {
  const { first, longest } = PACE[again];
  const delay = Math.min(longest, first * 2 ** Math.min(attempts - 1, 30));
  const shortest = again === 'held' ? HOUR : 0;
  return Math.min(LONGEST_DELAY_MS, Math.max(retryAfterMs, shortest, Math.round(delay * (0.8 + 0.4 * random))));
};
