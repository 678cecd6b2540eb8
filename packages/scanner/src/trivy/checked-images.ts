import { hash } from 'node:crypto';

import type { BlobCache, PlannedImage } from '@scanner/core';

/**
 * Remembers, in the scan cache, which images of engines have the very layers that they state: their content was hashed
 * when they were exported. A containerd store's ID of an image stands for its content, so that this stays so; Podman's
 * stands for its configuration, of which Podman holds one at a time.
 */
export class CheckedImages {
  readonly #cache: BlobCache;

  constructor(cache: BlobCache) {
    this.#cache = cache;
  }

  has(image: StatedImage): boolean {
    return this.#cache.get(keyOf(image)) !== undefined;
  }

  add(image: StatedImage): void {
    this.#cache.set(keyOf(image), Buffer.from('checked'));
  }
}

type StatedImage = Pick<PlannedImage, 'id' | 'platform' | 'layers'>;

/** An index keeps its ID when another platform of it is pulled. */
const keyOf = ({ id, platform, layers }: StatedImage): string =>
  `gts::checked::${id}::${hash('sha256', [platform, ...layers].join('\n'), 'hex')}`;
