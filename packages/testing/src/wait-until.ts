import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait for something, and how often to look. */
export interface Patience {
  /** What is waited for, in the words of the error. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Time between two looks; 50 ms unless told. */
  readonly everyMs?: number;
}

/**
 * Looks again and again until `look` gives something other than undefined, and returns that. What `look` throws counts
 * as "not yet". Throws when the time is over, with the last error as its cause.
 */
export async function waitUntil<T>(look: () => Promise<T | undefined> | T | undefined, patience: Patience): Promise<T> {
  const end = performance.now() + patience.timeoutMs;
  let lastError: unknown;
  while (performance.now() < end) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      lastError = error;
    }
    await sleep(patience.everyMs ?? 50);
  }
  throw new Error(`Waited ${patience.timeoutMs} ms in vain for ${patience.what}.`, { cause: lastError });
}
