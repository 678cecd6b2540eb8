import type { Log } from '@scanner/core';
import type { Dispatcher } from 'undici';

import { DockerHubError } from '../docker-hub-error.ts';
import type { Timing } from '../timing.ts';
import { exchange, type ExchangeRequest } from './exchange.ts';
import { readAnswer } from './read-answer.ts';
import { RequestLimiter, type RunOptions } from './request-limiter.ts';
import { retryDelayMs } from './retry-delay.ts';

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

const LONGEST_DELAY_MS = 20_000;
/** A refusal for too many requests says nothing of this one: how long all go on waiting is the limiter's to judge. */
const REFUSALS_A_RETRY = 4;

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
    for (let failures = 0, refusals = 0; ;) {
      try {
        return await this.#once(url, asked, { signal, wasRefused: refusals > 0 });
      } catch (error) {
        signal?.throwIfAborted();
        if (!DockerHubError.is(error) || !error.transient) throw error;
        if (error.code === 'rate_limited') refusals += 1;
        else failures += 1;
        await this.#waitAfter(error, { failures, refusals }, signal);
      }
    }
  }

  async #once(url: URL, asked: ExchangeRequest, turn: RunOptions): Promise<unknown> {
    const { dispatcher, timeoutMs, maxBytes, timing } = this.#options;
    const answer = await this.#limiter.run(() => {
      this.#sent += 1;
      return exchange(url, asked, { dispatcher, timeoutMs, maxBytes, signal: turn.signal });
    }, turn);
    return readAnswer(answer, url, timing.clock.now().getTime());
  }

  /**
   * As long as is wanted, and never less than patience asks for: a wait of nothing would be no wait. After a refusal the
   * limiter has everybody wait.
   *
   * @throws the error, where it was tried often enough
   */
  async #waitAfter(error: DockerHubError, { failures, refusals }: Tries, signal?: AbortSignal): Promise<void> {
    const { timing, log, retries, maxWaitMs } = this.#options;
    if (failures > retries || refusals > retries * REFUSALS_A_RETRY) throw error;
    if (error.code === 'rate_limited') return;
    const patience = Math.min(retryDelayMs(failures, timing.random()), LONGEST_DELAY_MS);
    const delay = Math.max(error.retryAfterMs ?? 0, patience);
    if (delay > maxWaitMs) throw error;
    log.debug('a request to Docker Hub is repeated', { reason: error.message, milliseconds: Math.round(delay) });
    await timing.sleep(delay, signal);
  }
}

/** Of one request, so far. */
interface Tries {
  readonly failures: number;
  readonly refusals: number;
}
