import { setImmediate } from 'node:timers/promises';

import { clockAt } from '@scanner/core/testing';

import type { Timing } from '../timing.ts';

/** Time that passes only by waiting for it, which takes none. Who waits at the same time waits for the same moment. */
export interface InstantTiming extends Timing {
  /** Milliseconds of every wait so far. */
  readonly waits: readonly number[];
  moveBy(milliseconds: number): void;
}

export const instantTiming = (time = '2026-11-22T10:00:00Z'): InstantTiming => {
  const clock = clockAt(time);
  const waits: number[] = [];
  return {
    clock,
    waits,
    moveBy: (milliseconds) => clock.moveBy(milliseconds),
    random: () => 0.5,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      const end = clock.elapsed() + milliseconds;
      await setImmediate();
      clock.moveBy(Math.max(0, end - clock.elapsed()));
      signal?.throwIfAborted();
    },
  };
};
