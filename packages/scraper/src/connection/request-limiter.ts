import { EventEmitter, once } from 'node:events';

import type { Log } from '@scanner/core';

import { DockerHubError } from '../docker-hub-error.ts';
import type { Timing } from '../timing.ts';
import { afterAnswer, beforeRequest, type LimitWindow, readLimitNotice, waitOf } from './limit-window.ts';
import { type AnswerHeaders, readRetryAfter, timeOfAnswer } from './retry-after.ts';
import { retryDelayMs } from './retry-delay.ts';

/** A timer may fire a little early, which makes for a second, very short wait. */
const WORTH_TELLING_MS = 1000;

export interface RequestLimiterOptions {
  readonly timing: Timing;
  readonly log: Log;
  readonly maxAtOnce: number;
  /** Milliseconds; who would have to wait longer fails at once. */
  readonly maxWaitMs: number;
}

/** What the limiter looks at in an answer. */
interface LimitedAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

const TOO_MANY = 429;
/** How long who was refused lets others go first, since it may be refused alone. */
const AFTER_OTHERS_MS = 20;

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether this very request was refused before. */
  readonly wasRefused?: boolean;
}

/**
 * Paces all requests of a process: at most so many at once, and no more than the limit that the answers speak of. The
 * allowance is used as fast as it may be; when it is used up, all wait for the moment at which the counter starts anew.
 *
 * What is refused all the same is a matter of all requests too: after each refusal in a row the next one waits longer, as
 * long as the answer wants at least, and goes alone; once all of these waits together are longer than may be waited,
 * nothing is asked any more.
 */
export class RequestLimiter {
  readonly #options: RequestLimiterOptions;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #window: LimitWindow | null = null;
  #pausedUntil = 0;
  #underWay = 0;
  #waiting = 0;
  #toldUntil = 0;
  /** Refusals since the last answer; those of requests that went out together count as one. */
  #refusals = 0;
  #waitedInVainMs = 0;
  /** Grows with each refusal that counts, so that requests know whether they went out before it. */
  #round = 0;
  #givenUpUntil = 0;

  constructor(options: RequestLimiterOptions) {
    this.#options = options;
  }

  /**
   * Runs `ask` when its turn has come.
   * @throws DockerHubError `rate_limited` when that would take too long, or the signal's reason
   */
  async run<Answer extends LimitedAnswer>(ask: () => Promise<Answer>, options: RunOptions = {}): Promise<Answer> {
    this.#waiting += 1;
    await this.#turn(options).finally(() => {
      this.#waiting -= 1;
    });
    const round = this.#round;
    try {
      const answer = await ask();
      this.#observe(answer.headers);
      if (answer.status === TOO_MANY) this.#refused(answer.headers, round);
      else if (round === this.#round) this.#granted();
      return answer;
    } finally {
      this.#underWay -= 1;
      this.#changes.emit('free');
    }
  }

  #granted(): void {
    this.#refusals = 0;
    this.#waitedInVainMs = 0;
  }

  #refused(headers: AnswerHeaders, round: number): void {
    const { timing, maxWaitMs } = this.#options;
    const wanted = readRetryAfter(headers, timeOfAnswer(headers, timing.clock.now().getTime())) ?? 0;
    if (round !== this.#round) return this.#pause(wanted);
    this.#round += 1;
    this.#refusals += 1;
    const delay = Math.max(wanted, retryDelayMs(this.#refusals, timing.random()));
    this.#pause(delay);
    this.#waitedInVainMs += delay;
    if (wanted <= maxWaitMs && this.#waitedInVainMs > maxWaitMs) this.#givenUpUntil = this.#now() + maxWaitMs;
  }

  /** Lets nobody ask for so many milliseconds. */
  #pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + milliseconds);
  }

  async #turn({ signal, wasRefused = false }: RunOptions): Promise<void> {
    for (let isLast = wasRefused; ;) {
      signal?.throwIfAborted();
      if (this.#now() < this.#givenUpUntil) throw this.#givenUp();
      const wait = this.#wait();
      if (wait > 0) await this.#sleep(wait, signal);
      else if (this.#underWay >= this.#places()) await this.#freePlace(signal);
      else if (isLast && this.#waiting > 1) {
        isLast = false;
        await this.#options.timing.sleep(AFTER_OTHERS_MS, signal);
      } else break;
    }
    this.#underWay += 1;
    if (this.#window !== null) this.#window = beforeRequest(this.#window, this.#now());
  }

  /** Whether requests are taken again is found out by one. */
  #places(): number {
    return this.#refusals > 0 ? 1 : this.#options.maxAtOnce;
  }

  #givenUp(): DockerHubError {
    return new DockerHubError(
      `Docker Hub refuses requests as too many (${TOO_MANY}), and still did after ${this.#refusals} tries`,
      { code: 'rate_limited', transient: false },
    );
  }

  #wait(): number {
    const now = this.#now();
    return Math.max(this.#pausedUntil - now, this.#window === null ? 0 : waitOf(this.#window, now));
  }

  async #sleep(wait: number, signal?: AbortSignal): Promise<void> {
    const { timing, log, maxWaitMs } = this.#options;
    const seconds = Math.ceil(wait / 1000);
    if (wait > maxWaitMs) {
      throw new DockerHubError(`Docker Hub's limit on requests is reached for another ${seconds} s`, {
        code: 'rate_limited',
        transient: false,
      });
    }
    if (this.#now() >= this.#toldUntil && wait >= WORTH_TELLING_MS) {
      this.#toldUntil = this.#now() + wait;
      log.info("waiting for Docker Hub's limit on requests", { seconds });
    }
    await timing.sleep(wait, signal);
  }

  async #freePlace(signal?: AbortSignal): Promise<void> {
    try {
      await once(this.#changes, 'free', signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  #observe(headers: AnswerHeaders): void {
    const notice = readLimitNotice(headers, this.#options.timing.clock.now().getTime());
    if (notice !== null) this.#window = afterAnswer(this.#window, notice, this.#now(), this.#underWay - 1);
  }

  #now(): number {
    return this.#options.timing.clock.elapsed();
  }
}
