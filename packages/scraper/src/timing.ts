import { setTimeout as wait } from 'node:timers/promises';

import { type Clock, systemClock } from '@scanner/core';

/** Everything that has to do with time and chance, so that tests need not wait. */
export interface Timing {
  readonly clock: Clock;
  /** Rejects with the signal's reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

export const systemTiming: Timing = {
  clock: systemClock,
  random: Math.random,
  async sleep(milliseconds, signal) {
    try {
      await wait(milliseconds, undefined, { ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
