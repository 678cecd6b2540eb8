import type { FileHandle } from 'node:fs/promises';

const HEADER_BYTES = 100;
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

/** Judges an SQLite file by its header: the page count that it states must be there. */
export const findSqliteDamage = async (file: FileHandle, size: number): Promise<string | null> => {
  if (size === 0) return 'it is empty';
  const header = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
  if (bytesRead < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC))
    return 'it is not an SQLite database';
  const needed = statedPageSize(header) * header.readUInt32BE(28);
  return size < needed ? `it is cut off: ${size} of ${needed} bytes` : null;
};

/** 65,536 does not fit the field and is written as 1. */
const statedPageSize = (header: Buffer): number => {
  const stated = header.readUInt16BE(16);
  return stated === 1 ? 65_536 : stated;
};
