import { EventEmitter, once } from 'node:events';

import type { Log } from '@scanner/core';

import { DockerHubError } from '../docker-hub-error.ts';
import type { Timing } from '../timing.ts';
import { afterAnswer, beforeRequest, type LimitWindow, readLimitNotice, waitOf } from './limit-window.ts';
import type { AnswerHeaders } from './retry-after.ts';

/** A timer may fire a little early, which makes for a second, very short wait. */
const WORTH_TELLING_MS = 1000;

export interface RequestLimiterOptions {
  readonly timing: Timing;
  readonly log: Log;
  readonly maxAtOnce: number;
  /** Milliseconds; who would have to wait longer fails at once. */
  readonly maxWaitMs: number;
}

/**
 * Paces all requests of a process: at most so many at once, and no more than the limit that the answers speak of. The
 * allowance is used as fast as it may be; when it is used up, all wait for the moment at which the counter starts anew.
 */
export class RequestLimiter {
  readonly #options: RequestLimiterOptions;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #window: LimitWindow | null = null;
  #pausedUntil = 0;
  #underWay = 0;
  #toldUntil = 0;

  constructor(options: RequestLimiterOptions) {
    this.#options = options;
  }

  /**
   * Runs `ask` when its turn has come.
   * @throws DockerHubError `rate_limited` when that would take too long, or the signal's reason
   */
  async run<Answer extends { readonly headers: AnswerHeaders }>(
    ask: () => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    await this.#turn(signal);
    try {
      const answer = await ask();
      this.#observe(answer.headers);
      return answer;
    } finally {
      this.#underWay -= 1;
      this.#changes.emit('free');
    }
  }

  /** Lets nobody ask for so many milliseconds. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + milliseconds);
  }

  async #turn(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const wait = this.#wait();
      if (wait > 0) await this.#sleep(wait, signal);
      else if (this.#underWay >= this.#options.maxAtOnce) await this.#freePlace(signal);
      else break;
    }
    this.#underWay += 1;
    if (this.#window !== null) this.#window = beforeRequest(this.#window, this.#now());
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
