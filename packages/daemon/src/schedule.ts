import type { LastPass } from '@scanner/app/daemon-state';
import type { Clock } from '@scanner/core';

export interface ScheduleTiming {
  readonly intervalSeconds: number;
  readonly jitterSeconds: number;
  /** Whether one pass is all: it is due at the start, and no other once it has come to its end. */
  readonly once?: boolean;
}

/** A pass that could do nothing is tried again sooner than a day later, and not so soon that it becomes a nuisance. */
const RETRY_SECONDS = 3600;

/** One moment by both clocks, in milliseconds; before the process the monotonic one is below its start. */
interface Moment {
  readonly wallMs: number;
  readonly elapsedMs: number;
}

/**
 * When the next pass is due. Both clocks count: the monotonic one stands still while the machine sleeps, and the wall
 * clock may be set. Whichever says first that the time is over is believed, so that a jump costs one early pass at most.
 */
export class Schedule {
  readonly #timing: ScheduleTiming;
  readonly #clock: Clock;
  readonly #random: () => number;
  #since: Moment | null = null;
  #waitMs = 0;

  /** @param random from 0 up to 1 */
  constructor(timing: ScheduleTiming, clock: Clock, random: () => number = Math.random) {
    this.#timing = timing;
    this.#clock = clock;
    this.#random = random;
  }

  /** Goes on where an earlier process stopped: what it did not finish, or did with other settings, is due at once. */
  resume(last: LastPass | null, settings: string): void {
    if (this.#timing.once === true) return;
    if (last === null || last.outcome === 'running' || last.outcome === 'interrupted' || last.settings !== settings)
      return;
    const wallMs = Date.parse(last.started_at);
    const agoMs = this.#clock.now().getTime() - wallMs;
    // A pass from the future tells nothing but that the clock was set.
    if (agoMs < 0) return;
    this.#since = { wallMs, elapsedMs: this.#clock.elapsed() - agoMs };
    this.#waitMs = this.#draw(last.outcome === 'failed');
  }

  started(): void {
    this.#since = { wallMs: this.#clock.now().getTime(), elapsedMs: this.#clock.elapsed() };
    this.#waitMs = this.#draw(false);
  }

  failed(): void {
    this.#waitMs = this.#draw(true);
  }

  /** Milliseconds until the next pass; 0 when it is due, infinite when none is to come. */
  dueInMs(): number {
    if (this.#since === null) return 0;
    const { wallMs, elapsedMs } = this.#since;
    const byWall = this.#waitMs - (this.#clock.now().getTime() - wallMs);
    const byElapsed = this.#waitMs - (this.#clock.elapsed() - elapsedMs);
    return Math.max(0, Math.min(byWall, byElapsed));
  }

  #draw(afterFailure: boolean): number {
    const { intervalSeconds, jitterSeconds, once } = this.#timing;
    if (once === true && !afterFailure) return Infinity;
    const seconds = afterFailure ? Math.min(intervalSeconds, RETRY_SECONDS) : intervalSeconds;
    return (seconds + this.#random() * jitterSeconds) * 1000;
  }
}
