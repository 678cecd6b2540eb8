import type { BlobCache } from '@scanner/core';
import { z } from 'zod';

import { isBlobKey, parseOrNull } from './scan-trace.ts';

/** What of the scan cache one scan may use, and what of its own others may. */
export interface CacheUse {
  /** Whether it gets what others have stored. */
  readonly reads: boolean;
  /** Diff IDs of layers whose content was hashed on this machine: analyses of these alone are there for others. */
  readonly keeps: ReadonlySet<string>;
}

/** It gets nothing of what others have stored, and what it stores is there for it alone. */
export const APART: CacheUse = { reads: false, keeps: new Set() };
/** What it stores is there for it alone. */
export const READING: CacheUse = { reads: true, keeps: new Set() };

const StoredAnalysis = z.object({ DiffID: z.string() });

/** The scan cache as one account has it. */
export class AccountCache {
  readonly #cache: BlobCache;
  readonly #use: CacheUse;
  /** What waits to be kept; null where nothing has to. */
  #heldBack: Map<string, Buffer> | null;

  constructor(cache: BlobCache, use: CacheUse, isHeld: boolean) {
    this.#cache = cache;
    this.#use = use;
    this.#heldBack = isHeld ? new Map() : null;
  }

  get(key: string): Buffer | undefined {
    return this.#use.reads ? this.#cache.get(key) : undefined;
  }

  /** Whether others have it from now on. */
  set(key: string, value: Buffer): boolean {
    if (!isForOthers(this.#use, key, value)) return false;
    if (this.#heldBack === null) return this.#cache.set(key, value);
    this.#heldBack.set(key, value);
    return false;
  }

  delete(keys: readonly string[]): number {
    return this.#use.keeps.size === 0 ? 0 : this.#cache.delete(keys);
  }

  /** Ends holding back, and returns what was. */
  release(): ReadonlyMap<string, Buffer> {
    const heldBack = this.#heldBack ?? new Map<string, Buffer>();
    this.#heldBack = null;
    return heldBack;
  }
}

/** Nothing but analyses, and those by the layer that they say they are of. */
const isForOthers = ({ keeps }: CacheUse, key: string, value: Buffer): boolean => {
  if (keeps.size === 0 || !isBlobKey(key)) return false;
  const layer = StoredAnalysis.safeParse(parseOrNull(value)).data;
  return layer !== undefined && keeps.has(layer.DiffID);
};
