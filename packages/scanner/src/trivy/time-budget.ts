import type { Clock } from '@scanner/core';

/** As long as a timer can be. */
const LONGEST_MS = 2 ** 31 - 1;

/** What one scan may still take of its time. Only work counts, not what lies between: waiting for a turn, or for others. */
export class TimeBudget {
  readonly #clock: Pick<Clock, 'elapsed'>;
  #leftMs: number;

  constructor(clock: Pick<Clock, 'elapsed'>, milliseconds: number) {
    this.#clock = clock;
    this.#leftMs = milliseconds;
  }

  /** Never nothing: what is begun too late ends at once, and says why. */
  get leftMs(): number {
    return Math.max(1, this.#leftMs);
  }

  /** @param work told what is left; of what it says it waited for others nothing is taken off */
  async during<Done extends { readonly waitedMs: number }>(work: (leftMs: number) => Promise<Done>): Promise<Done> {
    const from = this.#clock.elapsed();
    let waitedMs = 0;
    try {
      const done = await work(this.leftMs);
      ({ waitedMs } = done);
      return done;
    } finally {
      this.#leftMs -= this.#clock.elapsed() - from - waitedMs;
    }
  }

  /** Gives the work a signal that ends it in time. */
  async within<Result>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { result } = await this.during(async (leftMs) => {
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(Math.min(Math.ceil(leftMs), LONGEST_MS))]);
      return { result: await work(inTime), waitedMs: 0 };
    });
    return result;
  }
}
