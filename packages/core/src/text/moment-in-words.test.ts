import { expect, test } from 'vitest';

import { momentInWords } from './moment-in-words.ts';

test.each([
  ['Europe/Berlin', '2026-11-22T03:00:59.999Z', '2026-11-22 03:00 UTC (04:00 Europe/Berlin)'],
  ['Europe/Berlin', '2026-07-22T03:00:00.000Z', '2026-07-22 03:00 UTC (05:00 Europe/Berlin)'],
  ['Asia/Kathmandu', '2026-11-22T20:30:00Z', '2026-11-22 20:30 UTC (2026-11-23 02:15 Asia/Kathmandu)'],
  ['America/New_York', '2026-01-01T00:00:00Z', '2026-01-01 00:00 UTC (2025-12-31 19:00 America/New_York)'],
  ['UTC', '2026-11-22T00:00:00Z', '2026-11-22 00:00 UTC'],
  ['Europe/London', '2026-11-22T03:00:00Z', '2026-11-22 03:00 UTC'],
  ['Nowhere/Here', '2026-11-22T03:00:00Z', '2026-11-22 03:00 UTC'],
  ['Europe/Berlin', 'yesterday\n', String.raw`yesterday\x0a`],
])('in %s a reader sees %s as %s', (timeZone, time, shown) => {
  expect(momentInWords(time, timeZone)).toBe(shown);
});
