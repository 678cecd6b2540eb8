/** How many requests a minute are served, and how it is said. */
export interface RequestLimit {
  readonly perMinute: number;
  /**
   * How a refusal names the time to come back: seconds, an HTTP date, a Unix time, the older header's Unix time, not
   * at all; or the plain text of the limit on abuse.
   */
  readonly refusal: LimitRefusal;
  /** Whether answers carry `X-RateLimit-…`. */
  readonly headers: boolean;
}

export type LimitRefusal = 'seconds' | 'http_date' | 'epoch' | 'x_epoch' | 'silent' | 'abuse';

export interface LimitVerdict {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Unix time in seconds at which the counter starts anew. */
  readonly reset: number;
}

const WINDOW_SECONDS = 60;

/** Counts requests in windows of a minute, the first of which starts with the first request. */
export class RequestCounter {
  readonly #limit: RequestLimit;
  #left: number;
  #reset = 0;

  constructor(limit: RequestLimit) {
    this.#limit = limit;
    this.#left = limit.perMinute;
  }

  /** @param now milliseconds since 1970 */
  count(now: number): LimitVerdict {
    if (now >= this.#reset * 1000) {
      this.#reset = Math.ceil(now / 1000) + WINDOW_SECONDS;
      this.#left = this.#limit.perMinute;
    }
    const allowed = this.#left > 0;
    this.#left = Math.max(0, this.#left - 1);
    const headers = {
      'x-ratelimit-limit': String(this.#limit.perMinute),
      'x-ratelimit-remaining': String(this.#left),
      'x-ratelimit-reset': String(this.#reset),
    };
    return { allowed, headers: this.#limit.headers ? headers : {}, reset: this.#reset };
  }
}

/** The answer to a request too many. */
export function refusalOf(
  refusal: LimitRefusal,
  reset: number,
  now: number,
): { readonly status: 429; readonly headers: Record<string, string>; readonly body: unknown } {
  const body = refusal === 'abuse' ? 'Too Many Requests' : { detail: 'Rate limit exceeded', error: false };
  return { status: 429, headers: comeBack(refusal, reset, now), body };
}

function comeBack(refusal: LimitRefusal, reset: number, now: number): Record<string, string> {
  switch (refusal) {
    case 'seconds':
      return { 'retry-after': String(Math.max(0, Math.ceil(reset - now / 1000))) };
    case 'http_date':
      return { 'retry-after': new Date(reset * 1000).toUTCString() };
    case 'epoch':
      return { 'retry-after': String(reset) };
    case 'x_epoch':
      return { 'x-retry-after': String(reset) };
    case 'silent':
    case 'abuse':
      return {};
  }
}
