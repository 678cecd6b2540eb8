import { createHash } from 'node:crypto';

import type { HostImage } from './image.ts';

/** Raised when results of earlier versions are not to be believed any more: they go when they have been unused long enough. */
const GENERATION = 'checked layers';

/**
 * Names what is in an image: SHA-256 in hex, over the platform and the diff IDs where its layers are known to be what it
 * states (`ImageScanner.isChecked`), whatever engine or store holds it; else over its ID too, so that it stands for itself
 * alone. `null` when the layers are not known: then nothing may be reused.
 */
export const contentKey = (
  { id, platform, layers }: Pick<HostImage, 'id' | 'platform' | 'layers'>,
  isChecked: boolean,
): string | null =>
  layers.length === 0
    ? null
    : createHash('sha256')
        .update([GENERATION, ...(isChecked ? [] : [id]), platform, ...layers].join('\n'))
        .digest('hex');
