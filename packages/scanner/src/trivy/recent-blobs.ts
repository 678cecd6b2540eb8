import type { BlobCache } from '@scanner/core';

/** Room for the analyses of a few large layers. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Keeps at hand what the scan cache took or gave last: the images on one base all ask for its analysis. */
export class RecentBlobs implements BlobCache {
  readonly #cache: BlobCache;
  readonly #mostBytes: number;
  /** The longest unused first. */
  readonly #recent = new Map<string, Buffer>();
  #bytes = 0;

  constructor(cache: BlobCache, mostBytes = MOST_BYTES) {
    this.#cache = cache;
    this.#mostBytes = mostBytes;
  }

  get(key: string): Buffer | undefined {
    const value = this.#drop(key) ?? this.#cache.get(key);
    if (value !== undefined) this.#keep(key, value);
    return value;
  }

  has(key: string): boolean {
    return this.#recent.has(key) || this.#cache.has(key);
  }

  set(key: string, value: Buffer): boolean {
    this.#drop(key);
    const kept = this.#cache.set(key, value);
    // What came over a connection is part of a larger piece of memory.
    if (kept) this.#keep(key, Buffer.from(value));
    return kept;
  }

  delete(keys: readonly string[]): number {
    for (const key of keys) this.#drop(key);
    return this.#cache.delete(keys);
  }

  #keep(key: string, value: Buffer): void {
    if (value.length > this.#mostBytes) return;
    this.#recent.set(key, value);
    this.#bytes += value.length;
    for (const longestUnused of this.#recent.keys()) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#drop(longestUnused);
    }
  }

  #drop(key: string): Buffer | undefined {
    const value = this.#recent.get(key);
    if (this.#recent.delete(key)) this.#bytes -= value?.length ?? 0;
    return value;
  }
}
