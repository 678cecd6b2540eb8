import type { BlobCache } from '@scanner/core';

import type { KnownLayer } from './known-layers.ts';
import { contentsOf, layerContents } from './layer-contents.ts';
import type { Contents, LayerContents } from './layer-contents.ts';
import { BLOB_PREFIX, parseOrNull } from './scan-trace.ts';

/**
 * What an image holds in the end.
 *
 * @param layers base first, each as often as it is in the image
 * @param look reads an analysis: only where the layers are intertwined
 */
export const imageContents = (layers: readonly KnownLayer[], look: (blob: string) => LayerContents): Contents => {
  if (layers.some(({ intertwined }) => intertwined))
    return contentsOf(layers.map(({ blob, holds }) => (holds.length === 0 ? NOTHING : look(blob))));
  const holds = (what: KnownLayer['holds'][number]): boolean => layers.some((layer) => layer.holds.includes(what));
  return {
    system: holds('osPackages'),
    databaseGone: false,
    applications: holds('languagePackages'),
    unjudged: false,
    repository: layers.findLast(({ repository }) => repository !== null)?.repository ?? null,
  };
};

const NOTHING: LayerContents = { listed: [], gone: [], repository: null };
const MOST_KEPT = 64;

/** Looks into analyses in the scan cache; images on one base all look into the same. */
export class AnalysisLooks {
  readonly #cache: Pick<BlobCache, 'get'>;
  /** The longest unused first. */
  readonly #recent = new Map<string, LayerContents>();

  constructor(cache: Pick<BlobCache, 'get'>) {
    this.#cache = cache;
  }

  look(blob: string): LayerContents {
    const contents = this.#recent.get(blob) ?? readContents(this.#cache.get(`${BLOB_PREFIX}${blob}`));
    this.#recent.delete(blob);
    this.#recent.set(blob, contents);
    for (const longestUnused of this.#recent.keys()) {
      if (this.#recent.size <= MOST_KEPT) break;
      this.#recent.delete(longestUnused);
    }
    return contents;
  }
}

export const readContents = (blob: Buffer | undefined): LayerContents =>
  layerContents(blob === undefined ? null : parseOrNull(blob));
