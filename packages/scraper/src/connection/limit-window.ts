import { type AnswerHeaders, delayUntil, readCount, timeOfAnswer } from './retry-after.ts';

/** What one answer says of the limit. */
export interface LimitNotice {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the counter starts anew. */
  readonly resetInMs: number;
}

/** What is left of the limit, as far as we know. Times are milliseconds of a monotonic clock. */
export interface LimitWindow {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
  /** The counter should have started anew, and no answer has said so yet. */
  readonly assumed: boolean;
}

/** Left to others behind the same address; never more than one in thirty. */
const RESERVE = 5;
const RESERVED_PART = 1 / 30;
/** The server's clock tells whole seconds, so that the same moment is seen up to a second apart. */
const SAME_MOMENT_MS = 2000;
const ASSUMED_WINDOW_MS = 60_000;
const LONGEST_WINDOW_MS = 3_600_000;

/** @param now milliseconds since 1970, for answers without a date of their own */
export const readLimitNotice = (headers: AnswerHeaders, now: number): LimitNotice | null => {
  const limit = readCount(headers['x-ratelimit-limit']);
  const remaining = readCount(headers['x-ratelimit-remaining']);
  const reset = readCount(headers['x-ratelimit-reset']);
  if (limit === null || remaining === null || reset === null || limit === 0) return null;
  const resetInMs = Math.min(delayUntil(reset, timeOfAnswer(headers, now)), LONGEST_WINDOW_MS);
  return { limit, remaining: Math.min(remaining, limit), resetInMs };
};

/** The window after an answer came in, with so many other requests still under way. */
export const afterAnswer = (
  window: LimitWindow | null,
  { limit, remaining, resetInMs }: LimitNotice,
  now: number,
  underWay: number,
): LimitWindow => {
  const resetAt = now + resetInMs;
  const fresh = { limit, resetAt, assumed: false };
  if (window === null) return { ...fresh, remaining: remaining - underWay };
  if (window.assumed && resetInMs === 0) return window;
  const isSame = window.assumed || Math.abs(resetAt - window.resetAt) <= SAME_MOMENT_MS;
  return { ...fresh, remaining: isSame ? Math.min(window.remaining, remaining) : remaining - underWay };
};

/** The window when another request is about to go out. */
export const beforeRequest = (window: LimitWindow, now: number): LimitWindow => {
  const current = renewed(window, now);
  return { ...current, remaining: current.remaining - 1 };
};

/** Milliseconds to wait before another request may go out. */
export const waitOf = (window: LimitWindow, now: number): number => {
  const { limit, remaining, resetAt } = renewed(window, now);
  const reserve = Math.min(RESERVE, Math.floor(limit * RESERVED_PART));
  return remaining > reserve ? 0 : Math.max(1, Math.ceil(resetAt - now));
};

const renewed = (window: LimitWindow, now: number): LimitWindow =>
  now < window.resetAt
    ? window
    : { limit: window.limit, remaining: window.limit, resetAt: now + ASSUMED_WINDOW_MS, assumed: true };
