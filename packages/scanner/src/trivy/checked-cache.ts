import type { BlobCache } from '@scanner/core';

/** Raised when what earlier versions have kept is not to be believed any more. */
const SPACE = 'checked-1::';

/**
 * A scan cache as the versions share it that keep analyses only of layers whose content was hashed. What earlier ones have
 * kept in the same file is never asked for, and goes when it has been unused long enough.
 */
export const inCheckedSpace = (cache: BlobCache): BlobCache => ({
  get: (key) => cache.get(SPACE + key),
  has: (key) => cache.has(SPACE + key),
  set: (key, value) => cache.set(SPACE + key, value),
  delete: (keys) => cache.delete(keys.map((key) => SPACE + key)),
});
