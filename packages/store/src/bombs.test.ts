import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';

import { type Log, systemClock } from '@scanner/core';
import { temporaryDirectory } from '@scanner/testing';
import { beforeEach, expect, test } from 'vitest';

import { CACHE_FORMAT, SqliteBlobCache } from './blob-cache.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { RESULT_FORMAT, SqliteResultStore } from './result-store.ts';
import { SqliteTellingStore } from './telling/sqlite-telling-store.ts';
import { TELLING_FORMAT } from './telling/telling-format.ts';

const AT = '2026-11-22T01:02:03.456Z';
const MIB = 1024 ** 2;

/** Inflates to a MiB more than anything that is kept may have. */
const BOMB = zstdCompressSync(Buffer.alloc(257 * MIB), { params: { [constants.ZSTD_c_compressionLevel]: 1 } });

const warnings: string[] = [];
const log: Log = { debug: () => {}, info: () => {}, warn: (message) => warnings.push(message) };
const parts = { log, clock: systemClock };

beforeEach(() => {
  warnings.length = 0;
});

test('a stored result that inflates beyond all measure counts as not found', () => {
  using database = new EmbeddedDatabase(':memory:', RESULT_FORMAT, parts);
  using results = new SqliteResultStore(database, parts);
  database.use((connection) =>
    connection.prepare('INSERT INTO result VALUES (?, ?, ?, ?, ?, NULL, ?)').run('c', '[]', 't', 'g', BOMB, Date.now()),
  );
  const key = { content: 'c', options: '[]', trivyVersion: 't', databaseGeneration: 'g' };
  expect(results.find(key)).toBeUndefined();
  expect(warnings).toEqual(['a stored result could not be read: the image is scanned again']);
});

test('what was told that inflates beyond all measure is unknown, and such a message goes to nobody', async () => {
  await using directory = await temporaryDirectory();
  using database = new EmbeddedDatabase(':memory:', TELLING_FORMAT, parts);
  const file = join(directory.path, 'telling.db');
  using telling = new SqliteTellingStore(database, { ...parts, file, keepDays: 90 });
  telling.read();
  database.use((connection) => {
    connection.prepare('INSERT INTO told_findings VALUES (?, ?)').run('digest', BOMB);
    connection.prepare('INSERT INTO told_reference VALUES (?, ?, ?)').run('app:1', '{}', 'digest');
    connection.prepare('INSERT INTO message VALUES (1, ?, ?, ?)').run('a-notice', AT, BOMB);
    connection.exec("INSERT INTO delivery (message, channel, recipient, position) VALUES (1, 'mail', 'a@b', 0)");
  });
  expect(telling.read()).toMatchObject({ state: { references: [] }, lost: { references: new Set(['app:1']) } });
  expect(telling.find('a-notice')).toBeUndefined();
  expect(telling.state()).toMatchObject({ pending: 0, dead: 1 });
});

test('an analysis that inflates beyond all measure is not in the scan cache', () => {
  using database = new EmbeddedDatabase(':memory:', CACHE_FORMAT, parts);
  using cache = new SqliteBlobCache(database, parts);
  database.use((connection) =>
    connection.prepare('INSERT INTO blob VALUES (?, ?, ?, ?)').run('k', BOMB, Date.now(), BOMB.length),
  );
  expect(cache.get('k')).toBeUndefined();
});
