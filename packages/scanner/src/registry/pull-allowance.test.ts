import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readAllowance } from './pull-allowance.ts';

const NOW = new Date('2026-11-22T00:00:00Z');

describe('the pulls that a registry grants', () => {
  test('are the count that remains, until its window is over', () => {
    const headers = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '76;w=21600' };
    expect(readAllowance(headers, NOW)).toEqual({ remaining: 76, resetAt: '2026-11-22T06:00:00.000Z' });
  });

  test('take the window of the limit where the rest has none', () => {
    const headers = { 'ratelimit-limit': '100;w=3600', 'ratelimit-remaining': '0' };
    expect(readAllowance(headers, NOW)).toEqual({ remaining: 0, resetAt: '2026-11-22T01:00:00.000Z' });
    expect(readAllowance({ 'ratelimit-remaining': ['5', '7'] }, NOW)).toEqual({ remaining: 5, resetAt: null });
  });

  test.each(['', ' ', '-1', '1e3', 'many;w=60', '99999999999', '7,w=60', '0x10'])(
    'are unknown where the header says %j',
    (header) => {
      expect(readAllowance({ 'ratelimit-remaining': header }, NOW)).toBeNull();
    },
  );

  test('are unknown where only a limit is named', () => {
    expect(readAllowance({ 'ratelimit-limit': '100;w=3600' }, NOW)).toBeNull();
  });

  test('are read back from any count and window', () => {
    const number = fc.integer({ min: 0, max: 999_999_999 });
    fc.assert(
      fc.property(number, number, fc.constantFrom(';w=', '; w=', ' ;  w = '), (count, window, between) => {
        const resetAt = new Date(NOW.getTime() + window * 1000).toISOString();
        const allowance = readAllowance({ 'ratelimit-remaining': `${count}${between}${window}` }, NOW);
        expect(allowance).toEqual({ remaining: count, resetAt });
      }),
    );
  });

  test('are a sound number and date, or unknown, whatever the headers hold', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (remaining, limit) => {
        const allowance = readAllowance({ 'ratelimit-remaining': remaining, 'ratelimit-limit': limit }, NOW);
        expect(Number.isSafeInteger(allowance?.remaining ?? 0)).toBe(true);
        expect(Date.parse(allowance?.resetAt ?? NOW.toISOString())).not.toBeNaN();
      }),
    );
  });
});
