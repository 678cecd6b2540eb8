import type { BlobCache } from './blob-cache.ts';

/** A cache that keeps everything while it lives. */
export class InMemoryBlobCache implements BlobCache {
  readonly values = new Map<string, Buffer>();

  get(key: string): Buffer | undefined {
    return this.values.get(key);
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  set(key: string, value: Buffer): boolean {
    this.values.set(key, Buffer.from(value));
    return true;
  }

  delete(keys: readonly string[]): number {
    return keys.filter((key) => this.values.delete(key)).length;
  }
}
