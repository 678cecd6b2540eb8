import type { FileHandle } from 'node:fs/promises';

const MAGIC = 0xed_0c_da_ed;
const FORMAT_VERSION = 2;
const PAGE_HEADER_BYTES = 16;
const META_BYTES = 64;
const PAGE_SIZES = { min: 512, max: 65_536 };

interface Meta {
  readonly pageSize: number;
  readonly pages: bigint;
  readonly transaction: bigint;
}

/**
 * Judges a bbolt file by its two meta pages: one of them must carry its checksum, and the file must be as long as it says.
 * Trivy maps the file into memory and crashes on one that was cut off.
 */
export const findBoltDamage = async (file: FileHandle, size: number): Promise<string | null> => {
  if (size === 0) return 'it is empty';
  const first = await readMeta(file, 0);
  const second = await readMeta(file, first?.pageSize ?? 4096);
  const newest = [first, second].reduce(newer);
  if (newest === undefined) return 'it is not a bbolt database';
  const needed = newest.pages * BigInt(newest.pageSize);
  return BigInt(size) < needed ? `it is cut off: ${size} of ${needed} bytes` : null;
};

const newer = (one: Meta | undefined, other: Meta | undefined): Meta | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  return other.transaction > one.transaction ? other : one;
};

const readMeta = async (file: FileHandle, pageOffset: number): Promise<Meta | undefined> => {
  const meta = Buffer.alloc(META_BYTES);
  const { bytesRead } = await file.read(meta, 0, META_BYTES, pageOffset + PAGE_HEADER_BYTES);
  if (bytesRead < META_BYTES) return undefined;
  if (meta.readUInt32LE(0) !== MAGIC || meta.readUInt32LE(4) !== FORMAT_VERSION) return undefined;
  if (meta.readBigUInt64LE(56) !== fnv1a(meta.subarray(0, 56))) return undefined;
  const pageSize = meta.readUInt32LE(8);
  if (pageSize < PAGE_SIZES.min || pageSize > PAGE_SIZES.max) return undefined;
  return { pageSize, pages: meta.readBigUInt64LE(40), transaction: meta.readBigUInt64LE(48) };
};

/** The 64-bit FNV-1a hash that bbolt seals its meta pages with. */
const fnv1a = (bytes: Buffer): bigint => {
  let hash = 0xcb_f2_9c_e4_84_22_23_25n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x1_00_00_00_01_b3n);
  return hash;
};
