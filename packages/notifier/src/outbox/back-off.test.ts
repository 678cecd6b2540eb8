import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { delayAfter, LONGEST_DELAY_MS } from './back-off.ts';

const MINUTE = 60_000;

describe('the break after a failure', () => {
  it.each([
    ['soon', 1, 0.5],
    ['soon', 2, 1],
    ['soon', 7, 32],
    ['soon', 50, 60],
    ['held', 1, 60],
    ['held', 4, 360],
    ['held', 9, 360],
  ] as const)('%s number %i is about %d minutes', (again, attempts, minutes) => {
    expect(delayAfter({ again }, attempts, 0.5)).toBe(minutes * MINUTE);
  });

  it('is as long as the receiver asks', () => {
    expect(delayAfter({ again: 'soon', retryAfterMs: 10 * MINUTE }, 1, 0)).toBe(10 * MINUTE);
  });

  it('stays within bounds, whatever happened before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('soon', 'held'),
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(1e9),
        (again, attempts, random, retryAfterMs) => {
          const delay = delayAfter({ again, retryAfterMs }, attempts, random);
          expect(delay).toBeGreaterThanOrEqual(24_000);
          expect(delay).toBeLessThanOrEqual(LONGEST_DELAY_MS);
        },
      ),
    );
  });
});
