import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { findSqliteDamage } from './sqlite-file.ts';

const aDatabase = async (pageSize: number): Promise<Buffer> => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'java.db');
  const database = new DatabaseSync(path);
  database.exec(
    `PRAGMA page_size = ${pageSize}; CREATE TABLE artifacts(name TEXT); INSERT INTO artifacts VALUES ('a')`,
  );
  database.close();
  return await readFile(path);
};

const judge = async (content: Buffer): Promise<string | null> => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'java.db');
  await writeFile(path, content);
  await using file = await open(path, 'r');
  return await findSqliteDamage(file, content.length);
};

describe('findSqliteDamage', () => {
  it.each([512, 4096, 65_536])('finds nothing wrong with a database of pages of %i bytes', async (pageSize) => {
    expect(await judge(await aDatabase(pageSize))).toBeNull();
  });

  it.each([4096, 65_536])('sees that a page of %i bytes is missing', async (pageSize) => {
    expect(await judge((await aDatabase(pageSize)).subarray(0, pageSize))).toMatch(/^it is cut off/);
  });

  it('does not take other files for one', async () => {
    expect(await judge(Buffer.alloc(0))).toBe('it is empty');
    expect(await judge(Buffer.from('SQLite format 3'))).toBe('it is not an SQLite database');
    expect(await judge(Buffer.alloc(9000, 'x'))).toBe('it is not an SQLite database');
  });
});
