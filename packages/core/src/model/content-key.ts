import { createHash } from 'node:crypto';

/**
 * Names what is in an image, whatever engine or store holds it: SHA-256 over the platform and the diff IDs, in hex.
 * `null` when the layers are not known: then nothing may be reused.
 */
export const contentKey = (image: { readonly platform: string; readonly layers: readonly string[] }): string | null =>
  image.layers.length === 0
    ? null
    : createHash('sha256')
        .update([image.platform, ...image.layers].join('\n'))
        .digest('hex');
