import { expect, test } from 'vitest';

import { afterAnswer, beforeRequest, type LimitWindow, readLimitNotice, waitOf } from './limit-window.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

const aWindow = (given: Partial<LimitWindow> = {}): LimitWindow => ({
  limit: 180,
  remaining: 100,
  resetAt: 60_000,
  assumed: false,
  ...given,
});

test("the reset is measured by the server's clock, so that a wrong one here does no harm", () => {
  const headers = {
    'x-ratelimit-limit': '180',
    'x-ratelimit-remaining': '42',
    'x-ratelimit-reset': String(NOW / 1000 + 30),
    date: new Date(NOW).toUTCString(),
  };
  expect(readLimitNotice(headers, NOW + 7_200_000)).toStrictEqual({ limit: 180, remaining: 42, resetInMs: 30_000 });
});

test.each([
  {},
  { 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
  { 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '1' },
])('headers %j speak of no limit', (headers) => {
  expect(readLimitNotice(headers, NOW)).toBeNull();
});

test('a reset in a far future is not waited for longer than an hour', () => {
  const headers = { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '999999999999999' };
  expect(readLimitNotice(headers, NOW)?.resetInMs).toBe(3_600_000);
});

test('nothing is waited for while enough is left, and the reset when only the reserve is', () => {
  expect(waitOf(aWindow({ remaining: 6 }), 10_000)).toBe(0);
  expect(waitOf(aWindow({ remaining: 5 }), 10_000)).toBe(50_000);
});

test('a small limit is used up whole', () => {
  expect(waitOf(aWindow({ limit: 10, remaining: 1 }), 0)).toBe(0);
});

test('after the reset the whole limit is there again, even before an answer says so', () => {
  const window = beforeRequest(aWindow({ remaining: 0 }), 60_000);
  expect(window).toMatchObject({ remaining: 179, assumed: true });
});

test('requests of our own that are under way are not lost sight of', () => {
  const seen = { limit: 180, remaining: 179, resetInMs: 60_000 };
  expect(afterAnswer(null, seen, 0, 7).remaining).toBe(172);
  expect(afterAnswer(aWindow({ remaining: 172 }), seen, 500, 7).remaining).toBe(172);
});

test('what others use up behind the same address counts', () => {
  const seen = { limit: 180, remaining: 12, resetInMs: 59_500 };
  expect(afterAnswer(aWindow({ remaining: 100 }), seen, 500, 0).remaining).toBe(12);
});

test('a late answer of the old window does not spoil the new one', () => {
  const renewed = beforeRequest(aWindow({ remaining: 0 }), 60_000);
  expect(afterAnswer(renewed, { limit: 180, remaining: 0, resetInMs: 0 }, 60_001, 1)).toBe(renewed);
});
