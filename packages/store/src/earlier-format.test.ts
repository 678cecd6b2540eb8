import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { silentLog, systemClock } from '@scanner/core';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { type DatabaseFormat, EmbeddedDatabase } from './embedded-database.ts';

let file: string;

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'gts-earlier-')), 'kept.db');
});

afterEach(() => rmSync(dirname(file), { recursive: true }));

/** A file of so many versions, each of which adds a row. */
const format = (versions: number, expendable = false): DatabaseFormat => ({
  name: 'record',
  applicationId: 0x67_74_73_00,
  migrations: ['CREATE TABLE kept (number INTEGER)', ...Array.from({ length: versions }, rowOf)].slice(0, versions),
  synchronous: 'FULL',
  busyTimeoutMs: 1000,
  expendable,
});

const rowOf = (_: unknown, number: number): string => `INSERT INTO kept VALUES (${number})`;

const open = (file: string, written: DatabaseFormat): EmbeddedDatabase =>
  new EmbeddedDatabase(file, written, { log: silentLog, clock: systemClock });

const rowsIn = (file: string): unknown[] => {
  using connection = new DatabaseSync(file, { readOnly: true });
  return connection
    .prepare('SELECT number FROM kept ORDER BY number')
    .all()
    .map(({ number }) => number);
};

const copiesBeside = (file: string): string[] => readdirSync(dirname(file)).filter((name) => name.includes('.before-'));

test('a database is copied before it is brought to a newer form, for its owner only, and one copy is kept', () => {
  open(file, format(1)).close();
  expect(copiesBeside(file)).toEqual([]);

  open(file, format(3)).close();
  expect(rowsIn(file)).toEqual([0, 1]);
  expect(copiesBeside(file)).toEqual(['kept.db.before-3']);
  expect(rowsIn(`${file}.before-3`)).toEqual([]);
  expect(statSync(`${file}.before-3`).mode & 0o777).toBe(0o600);

  open(file, format(3)).close();
  open(file, format(4)).close();
  expect(copiesBeside(file)).toEqual(['kept.db.before-4']);
  expect(rowsIn(`${file}.before-4`)).toEqual([0, 1]);
});

test('an earlier version names the copy with which it can be used again', () => {
  open(file, format(2)).close();
  open(file, format(3)).close();

  expect(() => open(file, format(2))).toThrow(
    expect.objectContaining({
      code: 'store_too_new',
      hint: expect.stringContaining(`put ${file}.before-3 in the place`),
    }),
  );
  for (const part of ['-wal', '-shm']) rmSync(file + part, { force: true });
  renameSync(`${file}.before-3`, file);
  open(file, format(2)).close();
  expect(rowsIn(file)).toEqual([0]);
});

test('what may be lost is not copied, and what a kill left of a copy is in nobody’s way', () => {
  open(file, format(1, true)).close();
  open(file, format(2, true)).close();
  expect(copiesBeside(file)).toEqual([]);

  writeFileSync(`${file}.before-3.new`, 'left of a kill');
  open(file, format(3)).close();
  expect(copiesBeside(file)).toEqual(['kept.db.before-3']);
});
