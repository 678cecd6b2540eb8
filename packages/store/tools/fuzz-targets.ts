import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { ScannerError, silentLog, systemClock } from '@scanner/core';
import { aCompleteScan, aFinding, aTool, aToolScan } from '@scanner/core/testing';
import { temporaryDirectory } from '@scanner/testing';
import { fuzzTarget, type FuzzTarget, mutatedBytes, mutatedJson } from '@scanner/testing/fuzz';
import fc from 'fast-check';

import { compress } from '../src/compression.ts';
import { EmbeddedDatabase } from '../src/embedded-database.ts';
import { RESULT_FORMAT, SqliteResultStore } from '../src/result-store.ts';
import { SqliteTellingStore } from '../src/telling/sqlite-telling-store.ts';
import { TELLING_FORMAT } from '../src/telling/telling-format.ts';
import { CATALOGUE_FORMAT } from '../src/tools/catalogue-format.ts';
import { mergeWritten } from '../src/tools/merge-tool.ts';
import { SqliteToolStore } from '../src/tools/sqlite-tool-store.ts';
import { readToolsFile, surveyToolsFile } from '../src/tools/tools-file-reader.ts';
import { UnreadableFile } from '../src/tools/tools-file-splitter.ts';
import { readWrittenRow } from '../src/tools/written-row.ts';

const AT = '2026-11-22T01:02:03.456Z';
const KEPT = { log: silentLog, clock: systemClock };

const FINDING = aFinding();
const SCAN = aCompleteScan({
  findings: [FINDING, aFinding({ vulnerability: 'GHSA-aaaa-bbbb-cccc', path: 'app/a.jar' })],
});
const TOOL = aTool({ docker_tags: ['latest', '17'], pull_count: 5 });
const TOOL_SCAN = aToolScan({ findings: [FINDING] });
const FAILURE = { reason: { code: 'not_found', message: 'no such image' }, until: '2099-01-01T00:00:00.000Z' };

const STATE = {
  reference: 'app:1',
  standing: 'pending',
  firstSeen: AT,
  baseline: null,
  listings: [],
  coverage: 'full',
  scanned: null,
  settledImage: null,
  missing: [],
  movedSince: [],
  untold: { imageBefore: null, fixAvailable: [], joined: [] },
  listedAt: AT,
  failing: { reason: { code: 'timeout', message: 'too slow' }, passes: 2, since: AT, told: false },
  goneSince: null,
};
const LISTS = {
  known: [{ ...FINDING, accepted: false, since: AT, expires: null, outside: false, foundWith: null }],
  unlisted: [],
  resolvedSince: [],
};
const MESSAGE = {
  id: 'a-notice',
  createdAt: AT,
  mail: {
    subject: '1 new',
    text: 'text',
    html: '<p>html</p>',
    messageId: '<a@b>',
    thread: '<c@b>',
    recipients: ['ops@example.org'],
  },
  webhook: '{}',
};

/** A value as a store writes it, or with damaged bytes. */
const kept = (json: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 4, arbitrary: json.map((text) => compress(Buffer.from(text))) },
    { weight: 1, arbitrary: mutatedBytes([compress(Buffer.from(JSON.stringify(LISTS)))]) },
  );

const KEY = { content: 'c', options: '[]', trivyVersion: '0.74.0', databaseGeneration: 'g1' };

const readResult = (scan: Buffer): unknown => {
  using database = new EmbeddedDatabase(':memory:', RESULT_FORMAT, KEPT);
  using results = new SqliteResultStore(database, KEPT);
  database.use((connection) =>
    connection
      .prepare('INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(KEY.content, KEY.options, KEY.trivyVersion, KEY.databaseGeneration, scan, null, Date.now()),
  );
  return results.find(KEY);
};

interface ToldRows {
  readonly state: string;
  readonly lists: Buffer;
  readonly trouble: string;
  readonly message: Buffer;
}

const readTold = async (rows: ToldRows): Promise<unknown> => {
  await using directory = await temporaryDirectory();
  using database = new EmbeddedDatabase(':memory:', TELLING_FORMAT, KEPT);
  const parts = { ...KEPT, file: join(directory.path, 'telling.db'), keepDays: 90 };
  using telling = new SqliteTellingStore(database, parts);
  telling.read();
  database.use((connection) => insertTold(connection, rows));
  const read = telling.read();
  const heads = telling.heads();
  const found = heads.map(({ message }) => telling.find(message));
  return [read, [...telling.awaitingSecondLook()], found, telling.state(), telling.deadLetters(10)];
};

const insertTold = (connection: DatabaseSync, { state, lists, trouble, message }: ToldRows): void => {
  connection.prepare('INSERT INTO told_findings VALUES (?, ?)').run('digest', lists);
  connection.prepare('INSERT INTO told_reference VALUES (?, ?, ?)').run('app:1', state, 'digest');
  connection.prepare('UPDATE told_pass SET trouble = ?').run(trouble);
  connection.prepare('INSERT INTO message VALUES (1, ?, ?, ?)').run('a-notice', AT, message);
  connection
    .prepare('INSERT INTO delivery (message, channel, recipient, position) VALUES (1, ?, ?, 0)')
    .run('mail', 'ops@example.org');
};

interface ToolRows {
  readonly fields: string;
  readonly security: string;
  readonly tags: string;
  readonly scan: Buffer;
  readonly failure: string;
}

const readTools = ({ fields, security, tags, scan, failure }: ToolRows): unknown => {
  using database = new EmbeddedDatabase(':memory:', { ...CATALOGUE_FORMAT, restoredAtOpening: false }, KEPT);
  const store = new SqliteToolStore(database, { ...KEPT, onChange: () => {} });
  database.use((connection) => {
    connection.prepare('INSERT INTO tool VALUES (?, ?, ?, ?, ?)').run(TOOL.id, TOOL.namespace, fields, security, tags);
    connection.prepare('INSERT INTO scan VALUES (?, ?)').run(TOOL.id, scan);
    connection.prepare('INSERT INTO failure VALUES (?, ?, ?)').run(TOOL.id, failure, Date.parse('2099-01-01'));
  });
  return [[...store.tools()], store.tagsOf(TOOL.id), store.scanOf(TOOL.id), store.failureOf(TOOL.id)];
};

const mayBeRefused = (error: unknown): boolean =>
  error instanceof UnreadableFile || (ScannerError.is(error) && error.code === 'file_too_new');

const readWrittenFile = async (text: string): Promise<unknown> => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'tools.json');
  await writeFile(path, text);
  await using file = await open(path, 'r');
  const survey = await surveyToolsFile(file, path);
  const read: unknown[] = [JSON.parse(survey.extra)];
  for await (const row of readToolsFile(file)) {
    const { fields, problems } = readWrittenRow(row);
    read.push(
      problems,
      fields === null ? null : mergeWritten(mergeWritten(undefined, { id: TOOL.id, ...fields }), fields),
    );
  }
  return read;
};

const { security: SECURITY, ...FIELDS } = TOOL;

/** What this package reads that others wrote, or that may have been damaged since. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'a stored result',
    inputs: kept(mutatedJson([SCAN])),
    read: readResult,
    ofText: (text) => compress(Buffer.from(text)),
  }),
  fuzzTarget({
    name: 'what a host was told, and its outbox',
    inputs: fc.record({
      state: mutatedJson([STATE]),
      lists: kept(mutatedJson([LISTS])),
      trouble: mutatedJson([STATE.failing]),
      message: kept(mutatedJson([MESSAGE])),
    }),
    read: readTold,
  }),
  fuzzTarget({
    name: 'the rows of the catalogue',
    inputs: fc.record({
      fields: mutatedJson([FIELDS]),
      security: mutatedJson([SECURITY, TOOL_SCAN.security]),
      tags: mutatedJson([[{ name: 'latest', digest: null, platforms: ['linux/amd64'], pushedAt: AT }]]),
      scan: kept(mutatedJson([TOOL_SCAN])),
      failure: mutatedJson([FAILURE]),
    }),
    read: readTools,
  }),
  fuzzTarget({
    name: 'tools.json',
    inputs: mutatedJson([
      { schema: 'gts.tools/1', note: 'mine', tools: [{ ...FIELDS, security: TOOL_SCAN.security }, TOOL] },
    ]),
    read: readWrittenFile,
    mayThrow: mayBeRefused,
    ofText: (text) => text,
  }),
];
