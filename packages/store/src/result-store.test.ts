import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type CompleteScan, type LastScan, type ResultKey, silentLog, type StoredResult } from '@scanner/core';

import { EmbeddedDatabase } from './embedded-database.ts';
import { openResultStore, RESULT_FORMAT, SqliteResultStore } from './result-store.ts';

const DAY_MS = 86_400_000;

let directory: string;
let file: string;
let now: number;
let warnings: string[];

const clock = { now: () => new Date(now), elapsed: () => now };
const log = {
  ...silentLog,
  warn: (message: string, facts?: Readonly<Record<string, unknown>>) =>
    void warnings.push(facts?.['code'] === undefined ? message : `${JSON.stringify(facts['code'])} ${message}`),
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-results-'));
  file = join(directory, 'results.db');
  now = Date.UTC(2026, 10, 22);
  warnings = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

const open = () => openResultStore(file, { log, clock });

const key = (changes: Partial<ResultKey> = {}): ResultKey => ({
  content: 'linux/amd64 sha256:aa',
  options: '',
  trivyVersion: '0.74.0',
  databaseGeneration: 'g1',
  ...changes,
});

const scan = (changes: Partial<CompleteScan> = {}): CompleteScan => ({
  status: 'complete',
  coverage: 'full',
  reason: null,
  os: { family: 'debian', name: '12.5' },
  imageId: null,
  digest: null,
  layers: ['sha256:aa'],
  findings: [],
  analysis: 'new',
  scannedAt: '2026-11-22T00:00:00.000Z',
  durationSeconds: 1.5,
  ...changes,
});

const result = (changes: Partial<StoredResult> = {}): StoredResult => ({ scan: scan(), log: 'scan-x.log', ...changes });

test('finds what was saved, in the next process too', () => {
  {
    using results = open();
    results.save(key(), result());
  }
  using results = open();

  expect(results.find(key())).toEqual(result());
});

test.each<Partial<ResultKey>>([
  { content: 'linux/arm64 sha256:aa' },
  { options: '--ignore-unfixed' },
  { trivyVersion: '0.73.0' },
  { databaseGeneration: 'g2' },
])('does not find a result for other %o', (other) => {
  using results = open();
  results.save(key(), result());

  expect(results.find(key(other))).toBeUndefined();
});

test('keeps the result of the newest database only, and of each way of scanning its own', () => {
  using results = open();
  results.save(key(), result());
  results.save(key({ options: '--ignore-unfixed' }), result({ log: null }));
  results.save(key({ databaseGeneration: 'g2' }), result({ log: 'newer.log' }));

  expect(results.find(key())).toBeUndefined();
  expect(results.find(key({ databaseGeneration: 'g2' }))).toEqual(result({ log: 'newer.log' }));
  expect(results.find(key({ options: '--ignore-unfixed' }))).toEqual(result({ log: null }));
});

test('removes at opening what was not used for 90 days', () => {
  {
    using results = open();
    results.save(key({ content: 'unused' }), result());
    results.save(key({ content: 'used' }), result());
    now += 60 * DAY_MS;
    results.find(key({ content: 'used' }));
  }
  now += 60 * DAY_MS;
  using results = open();

  expect(results.find(key({ content: 'unused' }))).toBeUndefined();
  expect(results.find(key({ content: 'used' }))).toEqual(result());
});

test('a result that cannot be read counts as not found, with a warning', () => {
  using results = open();
  results.save(key({ content: 'damaged' }), result());
  results.save(key({ content: 'sound' }), result());
  using connection = new DatabaseSync(file);
  connection.exec("UPDATE result SET scan = x'00' WHERE content = 'damaged'");

  expect(results.find(key({ content: 'damaged' }))).toBeUndefined();
  expect(warnings).toEqual(['a stored result could not be read: the image is scanned again']);
  expect(results.find(key({ content: 'sound' }))).toEqual(result());
});

test('a result of another shape counts as not found', () => {
  using results = open();
  results.save(key(), { scan: { ...scan(), durationSeconds: -1 }, log: null });

  expect(results.find(key())).toBeUndefined();
});

test('refuses a store of a newer version and leaves it as it is', () => {
  open().close();
  {
    using connection = new DatabaseSync(file);
    connection.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)');
  }
  const before = readFileSync(file);

  expect(open).toThrow(expect.objectContaining({ code: 'store_too_new', hint: expect.any(String) }));
  expect(readFileSync(file)).toEqual(before);
});

test('brings a store of an older format up to date, keeping what is in it', () => {
  const first = { ...RESULT_FORMAT, migrations: ['CREATE TABLE kept (name TEXT)'] };
  const second = { ...first, migrations: [...first.migrations, "ALTER TABLE kept ADD COLUMN age TEXT DEFAULT 'new'"] };
  {
    using database = new EmbeddedDatabase(file, first, { log, clock });
    database.use((connection) => connection.exec("INSERT INTO kept VALUES ('a')"));
  }
  using database = new EmbeddedDatabase(file, second, { log, clock });

  expect(database.use((connection) => connection.prepare('SELECT * FROM kept').all())).toEqual([
    { name: 'a', age: 'new' },
  ]);
});

test('a migration that fails changes nothing', () => {
  const first = { ...RESULT_FORMAT, migrations: ['CREATE TABLE kept (name TEXT)'] };
  new EmbeddedDatabase(file, first, { log, clock }).close();
  const broken = {
    ...first,
    migrations: [...first.migrations, 'CREATE TABLE half (name TEXT)', 'CREATE TABLE kept (x)'],
  };

  expect(() => new EmbeddedDatabase(file, broken, { log, clock })).toThrow(/already exists/);
  using database = new EmbeddedDatabase(file, first, { log, clock });
  expect(database.use((connection) => connection.prepare('SELECT name FROM sqlite_schema').all())).toEqual([
    { name: 'kept' },
  ]);
});

test('sets a damaged store aside, says so, and starts empty', () => {
  writeFileSync(file, 'not a database '.repeat(1000));
  using results = open();
  results.save(key(), result());

  expect(results.find(key())).toEqual(result());
  expect(readdirSync(directory)).toContain('results.db.corrupt-20261122T000000.000Z');
  expect(warnings).toEqual([
    '"store_corrupt" the result store could not be read: it is moved aside and a new one is started',
  ]);
});

test('two processes that find the same damage set it aside once', () => {
  writeFileSync(file, 'not a database '.repeat(1000));
  using one = open();
  using two = open();
  one.save(key({ content: 'one' }), result());
  two.save(key({ content: 'two' }), result());

  expect([one.find(key({ content: 'two' })), two.find(key({ content: 'one' }))]).toEqual([result(), result()]);
  expect(readdirSync(directory).filter((name) => name.includes('.corrupt-'))).toHaveLength(1);
});

test('a full disk is an error of the save, and what was saved before can still be found', () => {
  using database = new EmbeddedDatabase(file, RESULT_FORMAT, { log, clock });
  const results = new SqliteResultStore(database, { log, clock });
  results.save(key({ content: 'before' }), result());
  database.use((connection) => connection.exec('PRAGMA max_page_count = 1'));
  const layers = Array.from({ length: 5000 }, (_, index) => `sha256:${index * 7919}`);

  expect(() => results.save(key(), result({ scan: scan({ layers }) }))).toThrow(
    expect.objectContaining({ code: 'disk_full', message: expect.stringContaining(file) }),
  );
  expect(results.find(key({ content: 'before' }))).toEqual(result());
});

test('a directory that is not there is an error that names it', () => {
  expect(() => openResultStore(join(directory, 'missing', 'results.db'))).toThrow(
    expect.objectContaining({ code: 'directory_unusable', message: expect.stringContaining('missing') }),
  );
});

const last = (changes: Partial<LastScan> = {}): LastScan => ({
  key: key(),
  imageId: 'sha256:image',
  coverage: 'full',
  databaseStale: false,
  scannedAt: '2026-11-22T00:00:00.000Z',
  ...changes,
});

test('knows the last scan of every reference of an image, in the next process too', () => {
  {
    using results = open();
    results.remember(['web:1', "quote':1"], last());
    results.remember(['web:1'], last({ imageId: 'sha256:newer', coverage: 'eol', databaseStale: true }));
    results.remember([], last());
  }
  using results = open();

  expect(results.references()).toEqual(["quote':1", 'web:1']);
  expect(results.lastOf('web:1')).toEqual(last({ imageId: 'sha256:newer', coverage: 'eol', databaseStale: true }));
  expect(results.lastOf("quote':1")).toEqual(last());
  expect(results.lastOf('web:2')).toBeUndefined();
});

test('writes nothing for a reference whose last scan is on record already, until the record is old', () => {
  using results = open();
  const written = (): number => statSync(`${file}-wal`).size;
  results.remember(['web:1', 'web:latest'], last());
  const before = written();
  results.remember(['web:1', 'web:latest'], last());
  expect(written()).toBe(before);
  now += 8 * DAY_MS;
  results.remember(['web:1', 'web:latest'], last());
  expect(written()).toBeGreaterThan(before);
});

test('forgets a reference that no pass has seen for 90 days', () => {
  {
    using results = open();
    results.remember(['gone:1'], last());
    now += 91 * DAY_MS;
    results.remember(['web:1'], last());
  }
  using results = open();

  expect(results.references()).toEqual(['web:1']);
});

test('a store of the first format keeps its results and learns about references', () => {
  const first = { ...RESULT_FORMAT, migrations: RESULT_FORMAT.migrations.slice(0, 1) };
  {
    using results = new SqliteResultStore(new EmbeddedDatabase(file, first, { log, clock }), { log, clock });
    results.save(key(), result());
  }
  using results = open();
  results.remember(['web:1'], last());

  expect(results.find(key())).toEqual(result());
  expect(results.lastOf('web:1')).toEqual(last());
});
