import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Clock, type Log, makeDirectories, silentLog, systemClock } from '@scanner/core';

import { decodeEntry, encodeEntry } from './cache-entry.ts';
import { ENTRY_SUFFIX, sweepDirectory } from './sweep-directory.ts';

const DAY_MS = 86_400_000;
const DEFAULT_MAX_BYTES = 512 * 1024 ** 2;
/** A new sweep is due when so much of the allowance was written since the last. */
const SWEPT_PART = 1 / 8;

/** Keeps answers for some time. Neither method ever fails: without a working cache there are more requests. */
export interface ResponseCache {
  /** What was kept for the key, in a box since the answer may be null; undefined where there is nothing fresh. */
  find(key: string): Promise<{ readonly body: unknown } | undefined>;
  keep(key: string, body: unknown): Promise<void>;
}

export interface ResponseCacheOptions {
  /** All entries together; 512 MiB unless told. */
  readonly maxBytes?: number;
  /** Milliseconds; 24 h unless told. */
  readonly maxAgeMs?: number;
  readonly clock?: Clock;
  readonly log?: Log;
}

/**
 * A cache in a directory of its own, one compressed file an answer. Several processes may use it at once. Entries that
 * cannot be read count as absent; the oldest give way when it grows beyond its size.
 *
 * @example
 * const cache = openResponseCache('data/cache/docker-hub', { log });
 */
export const openResponseCache = (directory: string, options: ResponseCacheOptions = {}): ResponseCache =>
  new ResponseDirectory(directory, options);

class ResponseDirectory implements ResponseCache {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #clock: Clock;
  readonly #log: Log;
  #unswept: number;
  #sweeping = false;
  #warned = false;

  constructor(directory: string, options: ResponseCacheOptions) {
    this.#directory = directory;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#maxAgeMs = options.maxAgeMs ?? DAY_MS;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    this.#unswept = this.#maxBytes;
  }

  async find(key: string): Promise<{ readonly body: unknown } | undefined> {
    try {
      const entry = decodeEntry(await readFile(this.#pathOf(key)));
      const age = this.#clock.now().getTime() - (entry?.storedAt ?? 0);
      return entry?.key === key && age >= 0 && age < this.#maxAgeMs ? { body: entry.body } : undefined;
    } catch {
      return undefined;
    }
  }

  async keep(key: string, body: unknown): Promise<void> {
    const path = this.#pathOf(key);
    const partial = `${path}.${randomUUID()}.part`;
    const content = encodeEntry({ key, storedAt: this.#clock.now().getTime(), body });
    try {
      await makeDirectories(this.#directory);
      await writeFile(partial, content, { flag: 'wx', mode: 0o600 });
      await rename(partial, path);
      await this.#sweepAfter(content.length);
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {});
      this.#warn(error);
    }
  }

  /** The first sweep comes with the first entry, so that reading alone costs nothing. */
  async #sweepAfter(bytes: number): Promise<void> {
    this.#unswept += bytes;
    if (this.#sweeping || this.#unswept < this.#maxBytes * SWEPT_PART) return;
    this.#sweeping = true;
    this.#unswept = 0;
    try {
      const oldest = this.#clock.now().getTime() - this.#maxAgeMs;
      await sweepDirectory(this.#directory, { maxBytes: this.#maxBytes * (1 - SWEPT_PART), oldest });
    } finally {
      this.#sweeping = false;
    }
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#log.warn('answers of Docker Hub cannot be kept', { directory: this.#directory, reason });
  }

  #pathOf(key: string): string {
    return join(this.#directory, createHash('sha256').update(key).digest('hex') + ENTRY_SUFFIX);
  }
}
