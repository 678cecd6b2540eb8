import type { FileHandle } from 'node:fs/promises';

const MAGIC = 0xed_0c_da_ed;
const FORMAT_VERSION = 2;
const PAGE_HEADER_BYTES = 16;
const META_BYTES = 64;
const PAGE_SIZES = { min: 512, max: 65_536 };

const PAGE = { branch: 0x01, leaf: 0x02 };
const ELEMENT_BYTES = 16;
const IS_BUCKET = 0x01;
/** A database of advisories has some hundred buckets at its top, on a few pages. */
const MOST = { pages: 4096, pageBytes: 8 * 1024 * 1024, names: 65_536 };

interface Meta {
  readonly pageSize: number;
  readonly root: bigint;
  readonly pages: bigint;
  readonly transaction: bigint;
}

/**
 * Judges a bbolt file by its two meta pages: one of them must carry its checksum, and the file must be as long as it says.
 * Trivy maps the file into memory and crashes on one that was cut off.
 */
export const findBoltDamage = async (file: FileHandle, size: number): Promise<string | null> => {
  if (size === 0) return 'it is empty';
  const newest = await readNewestMeta(file);
  if (newest === undefined) return 'it is not a bbolt database';
  const needed = newest.pages * BigInt(newest.pageSize);
  return BigInt(size) < needed ? `it is cut off: ${size} of ${needed} bytes` : null;
};

/**
 * Names the buckets at the top of a bbolt file that hold anything.
 *
 * @throws Error where the file makes no sense, or has far more than a database of advisories
 */
export const readBucketNames = async (file: FileHandle): Promise<ReadonlySet<string>> => {
  const meta = await readNewestMeta(file);
  if (meta === undefined) throw new Error('it is not a bbolt database');
  const names = new Set<string>();
  const toRead = [meta.root];
  for (const [index, id] of toRead.entries()) {
    if (index >= MOST.pages || names.size > MOST.names) throw new Error('it has more buckets than can be');
    const page = await readPage(file, id, meta);
    for (const child of childrenOf(page)) toRead.push(child);
    for (const name of filledBucketsOf(page)) names.add(name);
  }
  return names;
};

const readPage = async (file: FileHandle, id: bigint, { pageSize, pages }: Meta): Promise<Buffer> => {
  if (id >= pages) throw new Error('a page is outside of the file');
  const offset = Number(id) * pageSize;
  const header = await readExactly(file, PAGE_HEADER_BYTES, offset);
  const bytes = (header.readUInt32LE(12) + 1) * pageSize;
  if (header.readBigUInt64LE(0) !== id || bytes > MOST.pageBytes) throw new Error('a page makes no sense');
  return readExactly(file, bytes, offset);
};

const readExactly = async (file: FileHandle, bytes: number, offset: number): Promise<Buffer> => {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, offset);
  if (bytesRead < bytes) throw new Error('it is cut off');
  return buffer;
};

const childrenOf = (page: Buffer): bigint[] =>
  isOfKind(page, PAGE.branch) ? elementsOf(page).map((element) => page.readBigUInt64LE(element + 8)) : [];

const filledBucketsOf = (page: Buffer): string[] =>
  isOfKind(page, PAGE.leaf)
    ? elementsOf(page).flatMap((element) => {
        const key = element + page.readUInt32LE(element + 4);
        const value = key + page.readUInt32LE(element + 8);
        const isFilled = (page.readUInt32LE(element) & IS_BUCKET) !== 0 && !isEmptyBucket(page.subarray(value));
        return isFilled ? [page.toString('utf8', key, value)] : [];
      })
    : [];

/** One without a page of its own lies in the place of its value: a root page of none, its order, a page. */
const isEmptyBucket = (bucket: Buffer): boolean =>
  bucket.readBigUInt64LE(0) === 0n && bucket.readUInt16LE(PAGE_HEADER_BYTES + 10) === 0;

const isOfKind = (page: Buffer, kind: number): boolean => (page.readUInt16LE(8) & kind) !== 0;

const elementsOf = (page: Buffer): number[] =>
  Array.from({ length: page.readUInt16LE(10) }, (_, index) => PAGE_HEADER_BYTES + index * ELEMENT_BYTES);

const readNewestMeta = async (file: FileHandle): Promise<Meta | undefined> => {
  const first = await readMeta(file, 0);
  const second = await readMeta(file, first?.pageSize ?? 4096);
  return newer(first, second);
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
  return {
    pageSize,
    root: meta.readBigUInt64LE(16),
    pages: meta.readBigUInt64LE(40),
    transaction: meta.readBigUInt64LE(48),
  };
};

/** The 64-bit FNV-1a hash that bbolt seals its meta pages with. */
const fnv1a = (bytes: Buffer): bigint => {
  let hash = 0xcb_f2_9c_e4_84_22_23_25n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x1_00_00_00_01_b3n);
  return hash;
};
