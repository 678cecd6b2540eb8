import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { CachedAnswer } from '../schema.ts';

const MAX_PLAIN_BYTES = 64 * 1024 ** 2;

/** An entry as it is written, with a checksum over all of it. */
export const encodeEntry = (entry: CachedAnswer): Buffer =>
  zstdCompressSync(Buffer.from(JSON.stringify(entry)), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

/** Undefined where the bytes are not, or no longer, an entry. */
export const decodeEntry = (content: Uint8Array): CachedAnswer | undefined => {
  try {
    const plain = zstdDecompressSync(content, { maxOutputLength: MAX_PLAIN_BYTES });
    return CachedAnswer.parse(JSON.parse(plain.toString('utf8')));
  } catch {
    return undefined;
  }
};
