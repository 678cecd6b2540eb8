import { expect, test } from 'vitest';

import { FUZZ_TARGETS } from '../tools/fuzz-targets.ts';

/** A share of the long run; see docs/proofs.md. */
const RUNS = 60;

test.each(FUZZ_TARGETS)(
  '$name is read or refused, whatever it is',
  async (target) => {
    const seed = Math.trunc(Math.random() * 2 ** 31);
    expect(await target.run({ runs: RUNS, seed })).toEqual({ inputs: RUNS, fault: null });
  },
  60_000,
);
