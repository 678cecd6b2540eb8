import { hash } from 'node:crypto';

import type { BlobCache, PlannedImage } from '@scanner/core';

import type { ImageExport } from '../image-export/image-export.ts';

/**
 * Knows which images of an engine have the very layers that they state: all, where the engine itself hashes what it takes in.
 * Else it remembers, in the scan cache, those of which the content was hashed when they were exported. A containerd store's ID of an image stands for its content, so that this stays so; Podman's
 * stands for its configuration, of which Podman holds one at a time.
 */
export class CheckedImages {
  readonly #cache: BlobCache;
  readonly #source: ImageExport | null;
  #engineChecks: Promise<boolean> | undefined;

  constructor(cache: BlobCache, source: ImageExport | null) {
    this.#cache = cache;
    this.#source = source;
  }

  async has(image: StatedImage, signal: AbortSignal): Promise<boolean> {
    return this.#cache.get(keyOf(image)) !== undefined || (await this.doesEngineCheck(signal));
  }

  add(image: StatedImage): void {
    this.#cache.set(keyOf(image), Buffer.from('checked'));
  }

  /** Asked once. */
  doesEngineCheck(signal: AbortSignal): Promise<boolean> {
    this.#engineChecks ??= this.#askEngine(signal);
    return this.#engineChecks;
  }

  async #askEngine(signal: AbortSignal): Promise<boolean> {
    return (await this.#source?.checksLayers?.(signal).catch(() => false)) ?? false;
  }
}

type StatedImage = Pick<PlannedImage, 'id' | 'platform' | 'layers'>;

/** An index keeps its ID when another platform of it is pulled. */
const keyOf = ({ id, platform, layers }: StatedImage): string =>
  `gts::checked::${id}::${hash('sha256', [platform, ...layers].join('\n'), 'hex')}`;
