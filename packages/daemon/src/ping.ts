import { setTimeout as sleep } from 'node:timers/promises';

import { type Dispatcher, request } from 'undici';

const ATTEMPTS = 3;
const PAUSE_MS = 5000;
const ANSWER_MS = 10_000;

export interface PingOptions {
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  /** Before the next attempt. @default 5000 */
  readonly pauseMs?: number;
}

/**
 * Tells a watchdog that a pass came to its end: GET, any 2xx will do.
 *
 * @returns why it was not told, or null; never with the address, which is a secret
 */
export const ping = async (
  url: string,
  { dispatcher, signal, pauseMs = PAUSE_MS }: PingOptions,
): Promise<string | null> => {
  let problem: string | null = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    problem = await pingOnce(url, dispatcher, signal);
    if (problem === null || signal.aborted) return problem;
    if (attempt < ATTEMPTS) await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
  return problem;
};

const pingOnce = async (url: string, dispatcher: Dispatcher, signal: AbortSignal): Promise<string | null> => {
  try {
    const either = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    const { statusCode, body } = await request(url, { dispatcher, signal: either });
    await body.dump({ limit: 64 * 1024, signal: either });
    return statusCode >= 200 && statusCode < 300 ? null : `it answered ${statusCode}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'it could not be reached';
  }
};
