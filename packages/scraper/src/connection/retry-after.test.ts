import fc from 'fast-check';
import { expect, test } from 'vitest';

import { delayUntil, readCount, readRetryAfter, timeOfAnswer } from './retry-after.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

test('seconds are seconds', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000_000), (seconds) => {
      expect(readRetryAfter({ 'retry-after': String(seconds) }, NOW)).toBe(seconds * 1000);
    }),
  );
});

test('what is too large for seconds is a Unix time, in either header', () => {
  fc.assert(
    fc.property(fc.integer({ min: -86_400, max: 86_400 }), fc.boolean(), (ahead, older) => {
      const value = String(NOW / 1000 + ahead);
      const headers = older ? { 'x-retry-after': value } : { 'retry-after': value };
      expect(readRetryAfter(headers, NOW)).toBe(Math.max(0, ahead * 1000));
    }),
  );
});

test('a date is waited for, and one that has passed is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: -86_400, max: 86_400 }), (ahead) => {
      const date = new Date(NOW + ahead * 1000).toUTCString();
      expect(readRetryAfter({ 'retry-after': date }, NOW)).toBe(Math.max(0, ahead * 1000));
    }),
  );
});

test('whatever stands there, the wait is nothing or a number that is not negative', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (value, older) => {
      const wait = readRetryAfter({ 'retry-after': value, 'x-retry-after': older }, NOW);
      expect(wait === null || (Number.isFinite(wait) && wait >= 0)).toBe(true);
    }),
  );
});

test.each(['', 'soon', '-5', '1.5', '1e9', '0x10', '9'.repeat(400), '2026-11-22', 'Sun, 99 Nov 2026'])(
  'a header that says %j says nothing',
  (value) => {
    expect(readRetryAfter({ 'retry-after': value }, NOW)).toBeNull();
  },
);

test('the newer header goes first, and the older serves where the newer says nothing', () => {
  expect(readRetryAfter({ 'retry-after': '3', 'x-retry-after': '9' }, NOW)).toBe(3000);
  expect(readRetryAfter({ 'retry-after': 'soon', 'x-retry-after': '9' }, NOW)).toBe(9000);
});

test("times are measured by the answer's own clock where it has one", () => {
  expect(timeOfAnswer({ date: 'Sun, 22 Nov 2026 09:00:00 GMT' }, NOW)).toBe(NOW - 3_600_000);
  expect(timeOfAnswer({ date: 'yesterday' }, NOW)).toBe(NOW);
  expect(timeOfAnswer({}, NOW)).toBe(NOW);
});

test('a moment is read as seconds from now or as a Unix time', () => {
  expect(delayUntil(60, NOW)).toBe(60_000);
  expect(delayUntil(NOW / 1000 + 60, NOW)).toBe(60_000);
  expect(readCount(['180', '1'])).toBe(180);
});
