import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { silentLog, systemClock } from '@scanner/core';

import { CACHE_FORMAT } from './blob-cache.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { createLockKeeper } from './lock-keeper.ts';
import { RESULT_FORMAT } from './result-store.ts';
import { TELLING_FORMAT } from './telling/telling-format.ts';
import { CATALOGUE_FORMAT } from './tools/catalogue-format.ts';

const FORMATS = [RESULT_FORMAT, CACHE_FORMAT, TELLING_FORMAT, CATALOGUE_FORMAT];
const QUICK = { ...RESULT_FORMAT, busyTimeoutMs: 50 };

let directory: string;
let file: string;
let umask: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-database-'));
  file = join(directory, 'kept.db');
  umask = process.umask(0o022);
});

afterEach(() => {
  process.umask(umask);
  rmSync(directory, { recursive: true });
});

const open = (format = RESULT_FORMAT): EmbeddedDatabase =>
  new EmbeddedDatabase(file, format, { log: silentLog, clock: systemClock });

const modes = (): string[] =>
  readdirSync(directory).map((name) => `${name} ${(statSync(join(directory, name)).mode & 0o777).toString(8)}`);

const aside = (): string[] => readdirSync(directory).filter((name) => /\.corrupt-[^-]*$/.test(name));

const count = (connection: DatabaseSync): unknown =>
  connection.prepare('SELECT count(*) AS count FROM result').get()?.['count'];

test.each(FORMATS)('a $name is for its owner only, whatever the umask', (format) => {
  process.umask(0);
  using _database = open(format);

  expect(modes()).toEqual(['kept.db 600', 'kept.db-shm 600', 'kept.db-wal 600', 'kept.db.repair.lock 600']);
});

test('a database that others could open is closed to them when it is opened', () => {
  open().close();
  chmodSync(file, 0o664);
  chmodSync(`${file}.repair.lock`, 0o666);
  using _database = open();

  expect(modes()).toEqual(['kept.db 600', 'kept.db-shm 600', 'kept.db-wal 600', 'kept.db.repair.lock 600']);
});

test('a lock is for its owner only, with the name of its holder', () => {
  process.umask(0);
  const attempt = createLockKeeper().tryAcquire(join(directory, 'pass.lock'), 'us');

  expect('held' in attempt).toBe(true);
  expect(modes()).toEqual(['pass.lock 600', 'pass.lock-journal 600', 'pass.lock.holder 600']);
  if ('held' in attempt) attempt.held.release();
});

test('a file that somebody else has open is not set aside, and is as soon as he has closed it', () => {
  using theirs = open();
  theirs.use((connection) => connection.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  using ours = open(QUICK);
  writeFileSync(file, Buffer.alloc(statSync(file).size, 7));

  expect(() => ours.use(count)).toThrow(
    expect.objectContaining({
      code: 'directory_busy',
      message: expect.stringContaining('another process has it open'),
    }),
  );
  expect(aside()).toEqual([]);
  const before = performance.now();
  expect(() => ours.use(count)).toThrow(expect.objectContaining({ code: 'directory_busy' }));
  expect(performance.now() - before).toBeLessThan(1000);
  theirs.close();

  expect(ours.use(count)).toBe(0);
  expect(aside()).toHaveLength(1);
});

test('an opening that finds damage while somebody else has the file open leaves it as it is', () => {
  using theirs = open();
  theirs.use((connection) => connection.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  writeFileSync(file, 'not a database '.repeat(1000));

  expect(() => open(QUICK)).toThrow(expect.objectContaining({ code: 'directory_busy' }));
  expect(aside()).toEqual([]);
});

test('two files set aside in one moment both stay', () => {
  const clock = { now: () => new Date('2026-11-22T00:00:00Z'), elapsed: () => 0 };
  for (const text of ['one', 'two']) {
    writeFileSync(file, `${text} is not a database `.repeat(1000));
    new EmbeddedDatabase(file, RESULT_FORMAT, { log: silentLog, clock }).close();
    renameSync(file, join(directory, `${text}.db`));
  }

  expect(readdirSync(directory).filter((name) => name.includes('.corrupt-'))).toEqual([
    'kept.db.corrupt-20261122T000000.000Z',
    'kept.db.corrupt-20261122T000000.000Z-2',
  ]);
});

test('what is judged is one moment of the file, however far another process has come in making it', () => {
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE; CREATE TABLE result (content TEXT)');
  expect(() => open(QUICK)).toThrow(expect.objectContaining({ code: 'directory_busy' }));
  other.exec('ROLLBACK');
  other.close();

  using database = open();
  expect(database.use(count)).toBe(0);
  expect(aside()).toEqual([]);
});

test('a database without a file needs no lock', () => {
  using database = new EmbeddedDatabase(':memory:', RESULT_FORMAT, { log: silentLog, clock: systemClock });

  expect(database.use(count)).toBe(0);
  expect(existsSync(':memory:.repair.lock')).toBe(false);
  expect(existsSync(':memory:')).toBe(false);
});
