import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readRetryAfter } from './retry-after.ts';

const NOW = new Date('2026-11-22T00:00:00Z');
const DAY_MS = 24 * 3600_000;

describe('when to ask again', () => {
  test.each([
    ['120', '2026-11-22T00:02:00.000Z'],
    [' 0 ', '2026-11-22T00:00:00.000Z'],
    ['Sun, 22 Nov 2026 00:10:00 GMT', '2026-11-22T00:10:00.000Z'],
    ['Sunday, 22-Nov-26 00:10:00 GMT', '2026-11-22T00:10:00.000Z'],
    ['1m30s', '2026-11-22T00:01:30.000Z'],
  ])('is read from the header %j', (header, expected) => {
    expect(readRetryAfter(header, '', NOW)?.toISOString()).toBe(expected);
  });

  test('is read from the words of an answer where no header says it', () => {
    const words = (duration: string): string => `{"message":"retry-after: ${duration}, allowed: 44000/minute"}`;
    expect(readRetryAfter(null, words('454.813µs'), NOW)?.toISOString()).toBe('2026-11-22T00:00:00.001Z');
    expect(readRetryAfter('soon', words('1h2m3.5s'), NOW)?.toISOString()).toBe('2026-11-22T01:02:03.500Z');
    expect(readRetryAfter('60', words('1h'), NOW)?.toISOString()).toBe('2026-11-22T00:01:00.000Z');
  });

  test.each(['', '-5', 'soon', '1e9', '5 s', 'Sun, 99 Nov 2026 00:10:00 GMT'])('is unknown from %j', (header) => {
    expect(readRetryAfter(header, '', NOW)).toBeNull();
  });

  test('is neither in the past nor more than a day ahead', () => {
    expect(readRetryAfter('Sat, 21 Nov 2026 00:00:00 GMT', '', NOW)).toEqual(NOW);
    expect(readRetryAfter('9999999999', '', NOW)).toEqual(new Date(NOW.getTime() + DAY_MS));
    expect(readRetryAfter(null, 'retry-after: 999999999999h', NOW)).toEqual(new Date(NOW.getTime() + DAY_MS));
  });

  test('is sound or unknown, whatever the answer says', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^retry-after: [0-9.hmsnuµ]{0,60}$/));
    fc.assert(
      fc.property(texts, texts, (header, body) => {
        const wait = (readRetryAfter(header, body, NOW)?.getTime() ?? NOW.getTime()) - NOW.getTime();
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(DAY_MS);
      }),
    );
  });
});
