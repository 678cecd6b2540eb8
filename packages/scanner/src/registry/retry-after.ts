const LONGEST_WAIT_MS = 24 * 3600_000;

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  µs: 1e-3,
  μs: 1e-3,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3600_000,
};

const SECONDS = /^\d{1,10}$/;
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[\w :,-]{10,40} GMT$/;
const GO_DURATION = /^(?:\d{1,12}(?:\.\d{1,12})?(?:ns|µs|μs|us|ms|s|m|h)){1,8}$/;
const GO_DURATION_PART = /(\d+(?:\.\d+)?)(ns|µs|μs|us|ms|s|m|h)/g;
const IN_WORDS = /retry-after:\s*([\d.a-zµμ]{1,64})/i;

/**
 * When a registry that refused wants to be asked again: from `Retry-After`, in seconds or as a date, else from the text of
 * its answer, where GitHub's registry puts a duration (`retry-after: 1m0.5s`). Null where it does not say. Never in the past,
 * and at most a day ahead.
 */
export const readRetryAfter = (header: string | null, body: string, now: Date): Date | null => {
  const wait = waitIn(header?.trim() ?? '', now) ?? durationIn(IN_WORDS.exec(body)?.[1] ?? '');
  return wait === null ? null : new Date(now.getTime() + Math.ceil(Math.min(Math.max(wait, 0), LONGEST_WAIT_MS)));
};

const waitIn = (header: string, now: Date): number | null => {
  if (SECONDS.test(header)) return Number(header) * 1000;
  const date = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? durationIn(header) : date - now.getTime();
};

const durationIn = (text: string): number | null => {
  if (!GO_DURATION.test(text)) return null;
  const parts = [...text.matchAll(GO_DURATION_PART)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
};
