import { sanitizeForTerminal } from './inert-text.ts';

/**
 * A moment to the minute, in UTC and beside it in a local time zone where the two differ.
 *
 * @param time ISO 8601; anything else is shown as it is
 * @param timeZone an IANA name; of one that is not known only UTC is shown
 *
 * @example
 * momentInWords('2026-11-22T03:00:00.000Z', 'Europe/Berlin'); // '2026-11-22 03:00 UTC (04:00 Europe/Berlin)'
 */
export const momentInWords = (time: string, timeZone: string): string => {
  const moment = new Date(time);
  if (Number.isNaN(moment.getTime())) return sanitizeForTerminal(time);
  const utc = dayAndTime(moment, 'UTC');
  const local = isTimeZone(timeZone) ? dayAndTime(moment, timeZone) : utc;
  const shown = `${utc.day} ${utc.time} UTC`;
  if (local.day !== utc.day) return `${shown} (${local.day} ${local.time} ${timeZone})`;
  return local.time === utc.time ? shown : `${shown} (${local.time} ${timeZone})`;
};

/** The zone of the process, as its environment sets it. */
export const localTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const dayAndTime = (moment: Date, timeZone: string): { readonly day: string; readonly time: string } => {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return {
    day: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
    time: `${parts.get('hour')}:${parts.get('minute')}`,
  };
};
