import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { databaseFile, temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { findBoltDamage } from './bolt-file.ts';

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
