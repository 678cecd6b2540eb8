import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const WITH_CHECKSUM = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** Zstandard at its default level, with a checksum: a damaged value fails to read rather than reads wrong. */
export const compress = (value: Uint8Array): Buffer => zstdCompressSync(value, WITH_CHECKSUM);

/** @throws when the bytes are damaged, or hold more than `maxBytes` */
export const decompress = (value: Uint8Array, maxBytes: number): Buffer =>
  zstdDecompressSync(value, { maxOutputLength: maxBytes });
