import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { silentLog } from '@scanner/core';

import { CACHE_FORMAT, openBlobCache, SqliteBlobCache } from './blob-cache.ts';
import { EmbeddedDatabase } from './embedded-database.ts';

const MIB = 1024 ** 2;
const DAY_MS = 86_400_000;

let directory: string;
let file: string;
let now: number;
let warnings: { message: string; facts: Readonly<Record<string, unknown>> | undefined }[];

const clock = { now: () => new Date(now), elapsed: () => now };
const log = {
  ...silentLog,
  warn: (message: string, facts?: Readonly<Record<string, unknown>>) => void warnings.push({ message, facts }),
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-cache-'));
  file = join(directory, 'cache.db');
  now = Date.UTC(2026, 10, 22);
  warnings = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

const open = (options: { maxBytes?: number; maxAgeDays?: number } = {}) =>
  openBlobCache(file, { ...options, log, clock });

test('gives back every value byte for byte, under any key, also to the next process', () => {
  using cache = open();
  using other = open();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 5000 }), (key, value) => {
      cache.set(key, Buffer.from(value));
      expect(other.get(key)).toEqual(Buffer.from(value));
    }),
    { numRuns: 50 },
  );
});

test('says how many of the keys were there to delete', () => {
  using cache = open();
  cache.set('a', Buffer.from('1'));
  cache.set('b', Buffer.from('2'));

  expect(cache.delete(['a', 'b', 'c'])).toBe(2);
  expect(cache.get('a')).toBeUndefined();
});

test('stays within its size by dropping what was not used for longest', () => {
  using cache = open({ maxBytes: 4 * MIB });
  cache.set('often used', randomBytes(100_000));
  for (let index = 0; index < 100; index += 1) {
    now += DAY_MS / 12;
    cache.get('often used');
    cache.set(`blob ${index}`, randomBytes(100_000));
  }

  expect(cache.get('often used')).toBeDefined();
  expect(cache.get('blob 99')).toBeDefined();
  expect(cache.get('blob 0')).toBeUndefined();
  const kept = Array.from({ length: 100 }, (_, index) => cache.get(`blob ${index}`)).filter(Boolean).length;
  expect(kept * 100_000).toBeLessThanOrEqual(4 * MIB + MIB / 4);
  expect(kept).toBeGreaterThan(25);
});

test('drops at opening what was not used for its age', () => {
  {
    using cache = open();
    cache.set('old', Buffer.from('1'));
    now += 50 * DAY_MS;
    cache.set('new', Buffer.from('2'));
  }
  now += 20 * DAY_MS;
  using cache = open({ maxAgeDays: 60 });

  expect([cache.get('old'), cache.get('new')]).toEqual([undefined, Buffer.from('2')]);
});

test('does not keep a value that would push out everything else', () => {
  using cache = open({ maxBytes: MIB });
  cache.set('small', Buffer.from('1'));
  cache.set('huge', randomBytes(MIB));

  expect([cache.get('small'), cache.get('huge')]).toEqual([Buffer.from('1'), undefined]);
});

test.each([
  ['text', () => writeFileSync(file, 'not a database '.repeat(1000))],
  ['the database of something else', () => new DatabaseSync(file).exec('CREATE TABLE guests (name TEXT)')],
  [
    'a cache of a newer format',
    () => new DatabaseSync(file).exec('PRAGMA application_id=1735684963; PRAGMA user_version=99'),
  ],
])('sets %s aside under another name and starts anew', (_, write) => {
  write();
  const before = readFileSync(file);
  using cache = open();
  cache.set('a', Buffer.from('1'));

  expect(cache.get('a')).toEqual(Buffer.from('1'));
  expect(readFileSync(`${file}.corrupt-20261122T000000.000Z`)).toEqual(before);
  expect(warnings).toEqual([
    expect.objectContaining({ facts: expect.objectContaining({ code: 'store_corrupt', file }) }),
  ]);
});

test('goes on with an empty cache when the file turns out to be damaged later', () => {
  {
    using cache = open();
    for (let index = 0; index < 200; index += 1) cache.set(`blob ${index}`, randomBytes(4000));
  }
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0x5a, 4096));
  using cache = open();
  expect(cache.get('blob 7')).toBeUndefined();
  cache.set('a', Buffer.from('1'));

  expect(cache.get('a')).toEqual(Buffer.from('1'));
  expect(readdirSync(directory).some((name) => name.includes('.corrupt-'))).toBe(true);
});

test('a value whose bytes changed on the disk is not there', () => {
  using cache = open();
  cache.set('a', Buffer.from('x'.repeat(1000)));
  using connection = new DatabaseSync(file);
  connection.exec("UPDATE blob SET value = x'28b52ffd0458'");

  expect(cache.get('a')).toBeUndefined();
});

test('a full disk loses values with one warning and breaks nothing', () => {
  using database = new EmbeddedDatabase(file, CACHE_FORMAT, { log, clock });
  const cache = new SqliteBlobCache(database, { log, clock });
  const kept = cache.set('kept', Buffer.from('1'));
  database.use((connection) => connection.exec('PRAGMA max_page_count = 20'));

  expect([kept, cache.set('a', randomBytes(MIB)), cache.set('b', randomBytes(MIB))]).toEqual([true, false, false]);
  expect([cache.get('kept'), cache.get('a'), cache.get('b')]).toEqual([Buffer.from('1'), undefined, undefined]);
  expect(warnings).toHaveLength(1);
});
