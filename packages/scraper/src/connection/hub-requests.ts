import type { Log } from '@scanner/core';
import type { Dispatcher } from 'undici';

import { DockerHubError } from '../docker-hub-error.ts';
import type { Timing } from '../timing.ts';
import { exchange, type ExchangeRequest } from './exchange.ts';
import { readAnswer } from './read-answer.ts';
import { RequestLimiter } from './request-limiter.ts';

export interface HubRequestsOptions {
  readonly dispatcher: Dispatcher;
  readonly timing: Timing;
  readonly log: Log;
  readonly maxAtOnce: number;
  readonly maxWaitMs: number;
  /** Further attempts after a first one that failed in passing. */
  readonly retries: number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;

/** How long to wait before the attempt that follows `failures` failed ones: doubled each time, half of it by chance. */
const retryDelayMs = (failures: number, random: number): number => {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
  return delay / 2 + (delay / 2) * random;
};

/** Requests to one host: paced together, and repeated where the failing is likely to pass. */
export class HubRequests {
  readonly #options: HubRequestsOptions;
  readonly #limiter: RequestLimiter;
  #sent = 0;

  constructor(options: HubRequestsOptions) {
    this.#options = options;
    this.#limiter = new RequestLimiter(options);
  }

  /** Requests that went out so far, repeated ones included. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * @returns the answer's JSON, null for a 404
   * @throws DockerHubError, or the signal's reason
   */
  async send(url: URL, asked: ExchangeRequest, signal?: AbortSignal): Promise<unknown> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#once(url, asked, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!DockerHubError.is(error) || !error.transient || failures > this.#options.retries) throw error;
        await this.#waitAfter(error, failures, signal);
      }
    }
  }

  async #once(url: URL, asked: ExchangeRequest, signal?: AbortSignal): Promise<unknown> {
    const { dispatcher, timeoutMs, maxBytes, timing } = this.#options;
    const answer = await this.#limiter.run(() => {
      this.#sent += 1;
      return exchange(url, asked, { dispatcher, timeoutMs, maxBytes, signal });
    }, signal);
    return readAnswer(answer, url, timing.clock.now().getTime());
  }

  /** Being asked too much concerns all requests, any other failing only this one. */
  async #waitAfter(error: DockerHubError, failures: number, signal?: AbortSignal): Promise<void> {
    const { timing, log } = this.#options;
    const delay = error.retryAfterMs ?? retryDelayMs(failures, timing.random());
    log.debug('a request to Docker Hub is repeated', { reason: error.message, milliseconds: Math.round(delay) });
    if (error.code === 'rate_limited') return this.#limiter.pause(delay);
    if (delay > this.#options.maxWaitMs) throw error;
    await timing.sleep(delay, signal);
  }
}
