import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { databaseFile, temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { findBoltDamage, readBucketNames } from './bolt-file.ts';

const judge = async (content: Buffer): Promise<string | null> => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'trivy.db');
  await writeFile(path, content);
  await using file = await open(path, 'r');
  return await findBoltDamage(file, content.length);
};

describe('findBoltDamage', () => {
  it('finds nothing wrong with a real database', async () => {
    expect(await judge(await databaseFile(1))).toBeNull();
  });

  it('trusts the second meta page where the first is torn, and the other way round', async () => {
    const database = await databaseFile(1);
    expect(await judge(Buffer.from(database).fill(0, 0, 80))).toBeNull();
    expect(await judge(Buffer.from(database).fill(0, 4096, 4176))).toBeNull();
    expect(await judge(Buffer.from(database).fill(0, 0, 4176))).toBe('it is not a bbolt database');
  });

  it('sees that pages are missing at the end', async () => {
    const database = await databaseFile(1);
    expect(await judge(database.subarray(0, 3 * 4096))).toMatch(/^it is cut off: 12288 of \d+ bytes$/);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'it is empty'],
    ['one byte', Buffer.alloc(1), 'it is not a bbolt database'],
    ['text', Buffer.alloc(9000, 'x'), 'it is not a bbolt database'],
  ])('does not take %s for one', async (_, content, damage) => {
    expect(await judge(content)).toBe(damage);
  });

  it('sees a changed meta page by its checksum', async () => {
    const database = await databaseFile(1);
    for (const page of [0, 4096]) database.writeUInt8(database.readUInt8(page + 56) + 1, page + 56);
    expect(await judge(database)).toBe('it is not a bbolt database');
  });
});

describe('readBucketNames', () => {
  const names = async (content: Buffer): Promise<string[]> => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'trivy.db');
    await writeFile(path, content);
    await using file = await open(path, 'r');
    return [...(await readBucketNames(file))].toSorted();
  };

  it('names what a real database has at its top', async () => {
    expect(await names(await databaseFile(1))).toEqual(
      expect.arrayContaining(['alma 8', 'alpine 3.23', 'data-source', 'debian 12', 'vulnerability']),
    );
  });

  it('follows many buckets over many pages, and leaves out empty ones', async () => {
    const buckets = Array.from({ length: 500 }, (_, index) => `distribution ${index}`);
    expect(await names(boltFile([...buckets, ...buckets.map((name) => `empty ${name}`)]))).toEqual(buckets.toSorted());
  });

  it.each([
    ['text', Buffer.alloc(9000, 'x')],
    ['nothing', Buffer.alloc(0)],
    ['a page that refers to itself', boltFile(['a'], { child: 3n })],
    ['a page that refers to nowhere', boltFile(['a'], { child: 9_999_999n })],
    ['a file that ends early', boltFile(['a']).subarray(0, 3 * 4096)],
  ])('refuses %s', async (_, content) => {
    await expect(names(content)).rejects.toThrow(/bbolt|page|cut off|more buckets/);
  });
});

const PAGE = 4096;

/** A bbolt file with a branch page at its root, and these buckets on leaf pages below; those named `empty …` are. */
const boltFile = (buckets: readonly string[], { child }: { readonly child?: bigint } = {}): Buffer => {
  const perPage = 50;
  const leaves = Array.from({ length: Math.ceil(buckets.length / perPage) }, (_, index) =>
    pageOf(4 + index, 0x02, buckets.slice(index * perPage, (index + 1) * perPage).map(leafElement)),
  );
  const children = child === undefined ? leaves.map((_, index) => BigInt(4 + index)) : [child];
  const root = pageOf(3, 0x01, children.map(branchElement));
  const pages = 4 + leaves.length;
  return Buffer.concat([metaOf(0, pages), metaOf(1, pages), pageOf(2, 0x10, []), root, ...leaves]);
};

interface Element {
  readonly header: (position: number) => Buffer;
  readonly body: Buffer;
}

const leafElement = (name: string): Element => {
  const bucket = Buffer.alloc(32);
  bucket.writeUInt16LE(name.startsWith('empty') ? 0 : 1, 26);
  return {
    header: (position) => numbers(1, position, Buffer.byteLength(name), bucket.length),
    body: Buffer.concat([Buffer.from(name), bucket]),
  };
};

const branchElement = (page: bigint): Element => ({
  header: (position) => Buffer.concat([numbers(position, 0), long(page)]),
  body: Buffer.alloc(0),
});

const pageOf = (id: number, kind: number, elements: readonly Element[]): Buffer => {
  const page = Buffer.alloc(PAGE);
  page.writeBigUInt64LE(BigInt(id), 0);
  page.writeUInt16LE(kind, 8);
  page.writeUInt16LE(elements.length, 10);
  let end = 16 + 16 * elements.length;
  for (const [index, { header, body }] of elements.entries()) {
    const start = 16 + 16 * index;
    header(end - start).copy(page, start);
    body.copy(page, end);
    end += body.length;
  }
  return page;
};

const metaOf = (id: number, pages: number): Buffer => {
  const meta = Buffer.concat([
    numbers(0xed_0c_da_ed, 2, PAGE, 0),
    long(3n),
    long(0n),
    long(2n),
    long(BigInt(pages)),
    long(1n),
  ]);
  let hash = 0xcb_f2_9c_e4_84_22_23_25n;
  for (const byte of meta) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x1_00_00_00_01_b3n);
  const page = pageOf(id, 0x04, []);
  Buffer.concat([meta, long(hash)]).copy(page, 16);
  return page;
};

const numbers = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
};

const long = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
