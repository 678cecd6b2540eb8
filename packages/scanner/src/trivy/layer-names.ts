import type { BlobCache } from '@scanner/core';

/**
 * Knows which layer went by which name in exports, so that what is analysed already need not be unpacked. Engines name
 * layers by hashes of what they are; whether what comes by a name is still that layer is for whoever passes it over to see.
 */
export class LayerNames {
  readonly #cache: BlobCache;

  constructor(cache: BlobCache) {
    this.#cache = cache;
  }

  diffIdOf(name: string): string | undefined {
    const diffId = this.#cache.get(keyOf(name))?.toString('latin1');
    return diffId !== undefined && /^sha256:[0-9a-f]{64}$/.test(diffId) ? diffId : undefined;
  }

  learn(name: string, diffId: string): void {
    if (IS_HASH.test(name) && this.diffIdOf(name) !== diffId) this.#cache.set(keyOf(name), Buffer.from(diffId));
  }

  forget(name: string): void {
    this.#cache.delete([keyOf(name)]);
  }
}

const IS_HASH = /^(?:blobs\/sha256\/[0-9a-f]{64}|[0-9a-f]{64}(?:\/layer)?\.tar)$/;

const keyOf = (name: string): string => `gts::layer-name::${name}`;
