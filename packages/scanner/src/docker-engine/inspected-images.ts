import type { BlobCache } from '@scanner/core';

import { ImageDetails } from './engine-answers.ts';

/**
 * What an engine said of single images, beyond this process: the content behind an ID never changes, and asking for it is
 * most of what a pass over an unchanged host would do. A size goes with the ID, since another platform pulled into an
 * index leaves the ID as it is.
 */
export class InspectedImages {
  readonly #memory: Pick<BlobCache, 'get' | 'set'>;

  constructor(memory: Pick<BlobCache, 'get' | 'set'>) {
    this.#memory = memory;
  }

  find(id: string, sizeBytes: number): ImageDetails | null {
    const kept = this.#memory.get(keyOf(id, sizeBytes));
    if (kept === undefined) return null;
    try {
      return ImageDetails.parse(JSON.parse(kept.toString('utf8')));
    } catch {
      return null;
    }
  }

  remember(id: string, sizeBytes: number, { Os, Architecture, Variant, RootFS }: ImageDetails): void {
    const details = { Os, Architecture, Variant, RootFS };
    this.#memory.set(keyOf(id, sizeBytes), Buffer.from(JSON.stringify(details)));
  }
}

const keyOf = (id: string, sizeBytes: number): string => `gts::inspected::${id}::${sizeBytes}`;
