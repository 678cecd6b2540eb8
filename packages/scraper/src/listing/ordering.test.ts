import fc from 'fast-check';
import { expect, test } from 'vitest';

import { directionOf, highestFirst, timeOf } from './ordering.ts';

test.each([
  [[3, 2, null, 2, 1], 'descending'],
  [[1, null, 2], 'ascending'],
  [[1, 3, 2], 'mixed'],
  [[2, 2], 'level'],
  [[], 'level'],
  [[null, 5], 'level'],
] as const)('%j is %s', (values, direction) => {
  expect(directionOf(values)).toBe(direction);
});

test('sorting puts the highest first and the unknown last, and leaves what is sorted alone', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer())), (values) => {
      const sorted = highestFirst(values, (value) => value);
      expect(directionOf(sorted)).not.toMatch(/ascending|mixed/);
      expect(sorted.slice(sorted.indexOf(null)).every((value) => value === null) || !sorted.includes(null)).toBe(true);
      expect(highestFirst(sorted, (value) => value)).toStrictEqual(sorted);
    }),
  );
});

test('only ISO dates are dates', () => {
  expect(timeOf('2026-11-01T08:00:00.123456789Z')).toBe(Date.parse('2026-11-01T08:00:00.123Z'));
  expect([null, undefined, '', 'yesterday', '0', '2026-99-99T00:00:00Z'].map(timeOf)).toStrictEqual(
    Array(6).fill(null),
  );
});
