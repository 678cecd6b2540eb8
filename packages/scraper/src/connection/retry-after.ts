/** Response headers by lower-case name. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

const SMALLEST_UNIX_TIME = 1_000_000_000;
const DIGITS = /^\d{1,15}$/;
/** Of the forms of a date in HTTP, which all start with the name of a day. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? /;

/**
 * Reads how long to wait before the next attempt: `Retry-After` as seconds, as an HTTP date or as a Unix time, else the
 * older `X-Retry-After` in the same forms.
 *
 * @param now milliseconds since 1970, by the clock of the side that answered where it tells
 * @returns milliseconds, never negative; null where neither header says anything
 * @example
 * readRetryAfter({ 'retry-after': '30' }, Date.now()) // 30000
 */
export const readRetryAfter = (headers: AnswerHeaders, now: number): number | null =>
  readDelay(single(headers['retry-after']), now) ?? readDelay(single(headers['x-retry-after']), now);

/** What the answer's own `Date` says, else the given time; both in milliseconds since 1970. */
export const timeOfAnswer = (headers: AnswerHeaders, now: number): number => {
  const date = single(headers['date']);
  const time = date !== undefined && HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? now : time;
};

/** A header that is a whole number, else null. */
export const readCount = (value: string | string[] | undefined): number | null => {
  const text = single(value);
  return text !== undefined && DIGITS.test(text) ? Number(text) : null;
};

/** Milliseconds from `now` until a moment that is given in seconds from now, or as a Unix time. */
export const delayUntil = (seconds: number, now: number): number =>
  Math.max(0, seconds > SMALLEST_UNIX_TIME ? seconds * 1000 - now : seconds * 1000);

const readDelay = (value: string | undefined, now: number): number | null => {
  if (value === undefined) return null;
  const seconds = readCount(value);
  if (seconds !== null) return delayUntil(seconds, now);
  const date = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
};

const single = (value: string | string[] | undefined): string | undefined =>
  (Array.isArray(value) ? value[0] : value)?.trim();
