import { describe, expect, it } from 'vitest';

import { liveMany } from '../../tools/lives/live-many.ts';

/** A share of the long run; see docs/proofs.md. */
const LIVES = 40;
const LEAST_OF_EACH = 20;

describe('the lives of a host', () => {
  it('are told truly: what is new, resolved or worse once, and nothing else', async () => {
    const { faults, told } = await liveMany({ from: 1, lives: LIVES });
    expect(faults).toEqual([]);
    for (const count of Object.values(told)) expect(count.true).toBeGreaterThan(LEAST_OF_EACH);
  }, 120_000);
});
