import { parseReference } from '@scanner/core';
import type { BlobCache, CompleteScan, ScanSubject } from '@scanner/core';
import { z } from 'zod';

import { parseOrNull } from './scan-trace.ts';

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const RememberedImage = z.object({
  imageId: Digest.nullable(),
  digest: Digest.nullable(),
  layers: z.array(Digest).min(1).max(1000),
});
/** What an image of a registry is made of. */
export type RememberedImage = z.infer<typeof RememberedImage>;

/**
 * Remembers, in the scan cache, which layers stood behind a digest of a registry for one platform: that never changes, so
 * the registry need not be asked again.
 */
export class RememberedImages {
  readonly #cache: BlobCache;

  constructor(cache: BlobCache) {
    this.#cache = cache;
  }

  find(subject: ScanSubject): RememberedImage | undefined {
    const key = keyOf(subject);
    const kept = key === null ? undefined : this.#cache.get(key);
    return kept === undefined ? undefined : RememberedImage.safeParse(parseOrNull(kept)).data;
  }

  remember(subject: ScanSubject, { imageId, digest, layers }: Pick<CompleteScan, keyof RememberedImage>): void {
    const key = keyOf(subject);
    const image = RememberedImage.safeParse({ imageId, digest, layers }).data;
    if (key !== null && image !== undefined) this.#cache.set(key, Buffer.from(JSON.stringify(image)));
  }
}

/** Null for what may come to mean something else: a name without a digest, or no platform. */
const keyOf = (subject: ScanSubject): string | null => {
  if (subject.source !== 'remote' || subject.platform === undefined) return null;
  const parsed = parseReference(subject.reference);
  return parsed.ok && parsed.reference.digest !== null ? `gts::image::${subject.platform}::${subject.reference}` : null;
};
