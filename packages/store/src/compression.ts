import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const WITH_CHECKSUM = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
/** What a value grows by at most that does not get smaller. */
const FRAME_BYTES = 128;
const MOST_PIECE_BYTES = 16 * 1024;

/** Zstandard at its default level, with a checksum: a damaged value fails to read rather than reads wrong. */
export const compress = (value: Uint8Array): Buffer =>
  zstdCompressSync(value, {
    ...WITH_CHECKSUM,
    // Held until the whole heap is collected: for many small values the usual size would add up to much.
    chunkSize: Math.min(value.length + FRAME_BYTES, MOST_PIECE_BYTES),
  });

/** @throws when the bytes are damaged, or hold more than `maxBytes` */
export const decompress = (value: Uint8Array, maxBytes: number): Buffer =>
  zstdDecompressSync(value, { maxOutputLength: maxBytes });
