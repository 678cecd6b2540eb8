import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  NOTHING_TOLD,
  type OutboxMessage,
  type ReferenceState,
  silentLog,
  type ToldState,
  unscannedReference,
} from '@scanner/core';

import { openTellingStore } from './open-telling-store.ts';

const DAY_MS = 86_400_000;
const START = '2026-11-22T00:00:00.000Z';

let directory: string;
let file: string;
let now: number;
let warnings: Readonly<Record<string, unknown>>[];

const clock = { now: () => new Date(now), elapsed: () => now };
const log = {
  ...silentLog,
  warn: (_: string, facts: Readonly<Record<string, unknown>> = {}) => void warnings.push(facts),
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-telling-'));
  file = join(directory, 'telling.db');
  now = Date.parse(START);
  warnings = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

const open = () => openTellingStore(file, { log, clock });

const known = (vulnerability: string): ReferenceState['known'][number] => ({
  key: `${vulnerability}|pkg:deb/debian/openssl|`,
  vulnerability,
  package: 'openssl',
  path: null,
  installed: '3.0.1',
  fixed: null,
  severity: 'HIGH',
  url: null,
  title: null,
  status: null,
  aliases: [],
  untilFix: false,
  savedAs: null,
  single: null,
  endTold: null,
  goneAt: null,
  accepted: false,
  since: START,
  expires: null,
  outside: false,
  firstFound: null,
  foundWith: null,
});

const scanned = (reference: string, vulnerabilities: readonly string[] = ['CVE-2026-1']): ReferenceState => ({
  ...unscannedReference(reference, START),
  standing: 'pending',
  known: vulnerabilities.map(known),
  unlisted: [['CVE-2026-9|pkg:deb/debian/zlib|', [[START, 'LOW', 'affected']]]],
});

const told = (...references: readonly ReferenceState[]): ToldState => ({
  ...NOTHING_TOLD,
  references: [...references],
});

const message = (id: string, recipients: readonly string[] = ['a@example.org', 'b@example.org']): OutboxMessage => ({
  id,
  createdAt: new Date(now).toISOString(),
  mail: {
    subject: `notice ${id}`,
    text: 'text',
    html: '<p>text</p>',
    messageId: `<${id}@example.org>`,
    thread: '<host@example.org>',
    recipients: [...recipients],
  },
  webhook: '{"id":1}',
});

const digest: ToldState['digest'] = {
  since: START,
  scope: { severities: ['HIGH'], extra_args: [], only: [] },
  narrowSince: null,
  passes: { made: 3, complete: 2, lastComplete: START },
  new: [],
  resolved: [],
  unlisted: { new: 0, resolved: 0 },
  countedSince: START,
  stays: [{ until: START, days: 1.5 }],
};

const damage = (sql: string): void => {
  using connection = new DatabaseSync(file);
  connection.exec(`${sql}; PRAGMA wal_checkpoint(TRUNCATE)`);
};

test('says which references await a second look, and passes over what it cannot read', () => {
  using store = open();
  const missing = [
    {
      key: 'CVE-2026-1|pkg:deb/debian/openssl|',
      since: START,
      causes: [],
      agreed: false,
      movedTo: null,
      lastKey: null,
    },
  ];
  const waiting = { ...scanned('app:1'), missing };
  store.commit({
    state: told(waiting, scanned('app:2'), { ...waiting, reference: 'app:3', goneSince: START }),
    message: null,
  });
  expect(store.awaitingSecondLook()).toEqual(new Set(['app:1', 'app:3']));
  new DatabaseSync(file).exec("UPDATE told_reference SET state = '{' WHERE reference = 'app:1'");
  expect(store.awaitingSecondLook()).toEqual(new Set(['app:3']));
});

test('nothing was told and nothing is lost at first', () => {
  using store = open();

  expect(store.read()).toEqual({ state: NOTHING_TOLD, lost: null });
  expect(store.heads()).toEqual([]);
  expect(store.state()).toMatchObject({ pending: 0, held: 0, dead: 0, oldestPendingAt: null, lastError: null });
});

test('reads what was committed, by reference, in the next process too', () => {
  const trouble = { reason: { code: 'timeout' as const, message: 'too slow' }, passes: 2, since: START, told: false };
  const state = { ...told(scanned('a:1'), unscannedReference('b:1', START), scanned('c:1')), trouble };
  {
    using store = open();
    store.commit({ state: { ...state, references: state.references.toReversed() }, message: message('one') });
  }
  using store = open();

  expect(store.read()).toEqual({ state, lost: null });
  expect(store.find('one')).toEqual(message('one'));
  expect(store.find('other')).toBeUndefined();
});

test('a digest that cannot be read begins anew, and costs nothing else', () => {
  const state = { ...told(scanned('a:1')), digest, hostName: 'web1' };
  {
    using store = open();
    store.commit({ state, message: null });
    expect(store.read().state).toEqual(state);
  }
  damage(`UPDATE told_pass SET digest = '{"since":1}'`);
  using store = open();

  expect(store.read()).toEqual({ state: { ...state, digest: null }, lost: null });
  expect(warnings).toMatchObject([{ code: 'store_corrupt', reason: expect.any(String) }]);
});

test('a file of the version before goes on, with its dead letters unnamed', () => {
  {
    using store = open();
    store.commit({ state: told(scanned('a:1')), message: { ...message('one'), mail: null } });
    store.giveUp({ decidedAfter: later, waiting: 9 }, START);
  }
  damage(
    [
      ...['digest', 'host_name'].map((column) => `ALTER TABLE told_pass DROP COLUMN ${column}`),
      ...['named_in', 'named_as'].map((column) => `ALTER TABLE delivery DROP COLUMN ${column}`),
      'PRAGMA user_version = 2',
    ].join(';'),
  );
  using store = open();

  expect(store.read()).toEqual({ state: told(scanned('a:1')), lost: null });
  expect(store.undelivered()).toMatchObject([{ message: 'one', status: 'dead', decidedAt: START }]);
});

test('a commit replaces the whole state: what is not in it is forgotten, findings that nobody has go', () => {
  using store = open();
  const [first, second] = [scanned('a:1', ['CVE-2026-1', 'CVE-2026-2']), scanned('b:1', ['CVE-2026-3'])];
  store.commit({ state: told(first, second), message: null });
  const raised = { ...first, known: [{ ...known('CVE-2026-1'), severity: 'CRITICAL' as const }] };
  store.commit({ state: told(raised), message: null });

  expect(store.read().state).toEqual(told(raised));
  using connection = new DatabaseSync(file);
  expect(connection.prepare('SELECT count(*) AS lists FROM told_findings').get()).toEqual({ lists: 1 });
});

test('references with the same findings keep them once', () => {
  using store = open();
  store.commit({ state: told(scanned('app:1'), scanned('app:latest')), message: null });
  const [one, latest] = store.read().state.references;

  expect(one?.known).toEqual([known('CVE-2026-1')]);
  expect(latest?.known).toBe(one?.known);
});

test('a message waits for everyone it names, and then for those who come after it', () => {
  using store = open();
  store.commit({ state: NOTHING_TOLD, message: message('one', ['a@example.org', 'b@example.org', 'a@example.org']) });
  store.commit({ state: NOTHING_TOLD, message: message('two', ['c@example.org', 'a@example.org']) });
  const waiting = { status: 'pending', attempts: 0, nextAt: null, heldSince: null, lastError: null };

  expect(store.heads()).toEqual([
    { message: 'one', channel: 'mail', recipient: 'a@example.org', ...waiting },
    { message: 'one', channel: 'mail', recipient: 'b@example.org', ...waiting },
    { message: 'one', channel: 'webhook', recipient: 'webhook', ...waiting },
    { message: 'two', channel: 'mail', recipient: 'c@example.org', ...waiting },
  ]);
  expect(store.state()).toMatchObject({ pending: 6, held: 0, dead: 0, oldestPendingAt: START, lastError: null });
});

test('a message that is committed again stays as it was, with what became of it', () => {
  using store = open();
  store.commit({ state: NOTHING_TOLD, message: message('one', ['a@example.org']) });
  store.recordSent({ message: 'one', channel: 'mail', recipient: 'a@example.org' }, START);
  store.commit({ state: NOTHING_TOLD, message: { ...message('one'), webhook: null } });

  expect(store.heads()).toMatchObject([{ message: 'one', channel: 'webhook' }]);
  expect(store.find('one')?.mail?.recipients).toEqual(['a@example.org']);
});

test('what was sent, failed and was refused is counted, one recipient at a time', () => {
  using store = open();
  store.commit({ state: NOTHING_TOLD, message: message('one') });
  const to = (recipient: string) => ({ message: 'one', channel: 'mail' as const, recipient });
  const nextAt = '2026-11-22T00:05:00.000Z';
  store.recordRetry(to('a@example.org'), { at: START, error: '451 later', nextAt, held: false });
  store.recordRefused(to('b@example.org'), { at: START, error: '550 no such user', nextAt });
  store.recordSent({ message: 'one', channel: 'webhook', recipient: 'webhook' }, START);

  expect(store.heads()).toEqual([
    { ...to('a@example.org'), status: 'pending', attempts: 1, nextAt, heldSince: null, lastError: '451 later' },
  ]);
  expect(store.deadLetters(10)).toEqual([
    {
      ...to('b@example.org'),
      status: 'dead',
      attempts: 1,
      nextAt: null,
      heldSince: null,
      lastError: '550 no such user',
    },
  ]);
  expect(store.state()).toEqual({
    pending: 1,
    held: 0,
    heldSince: null,
    heldForEverybody: false,
    dead: 1,
    oldestPendingAt: START,
    lastError: '451 later',
  });
});

const later = '2026-11-22T01:00:00.000Z';
const refusal = { at: START, error: '550 no such user', nextAt: later };

test('what was sent or refused is not pending any more, and cannot be recorded twice', () => {
  using store = open();
  store.commit({
    state: NOTHING_TOLD,
    message: { ...message('one', ['a@example.org', 'b@example.org']), webhook: null },
  });
  const to = (recipient: string) => ({ message: 'one', channel: 'mail' as const, recipient });
  store.recordSent(to('a@example.org'), START);
  expect(store.recordRefused(to('b@example.org'), refusal)).toBe('dead');

  expect(store.heads()).toEqual([]);
  expect(() => store.recordSent(to('a@example.org'), START)).toThrow(expect.objectContaining({ code: 'internal' }));
  expect(() => store.recordRefused(to('b@example.org'), refusal)).toThrow(
    expect.objectContaining({ code: 'internal' }),
  );
});

test('a message that every recipient refused is held for all of them, over a restart too', () => {
  {
    using store = open();
    store.commit({ state: NOTHING_TOLD, message: message('one', ['a@example.org', 'b@example.org']) });
    const to = (recipient: string) => ({ message: 'one', channel: 'mail' as const, recipient });
    expect(store.recordRefused(to('a@example.org'), refusal)).toBe('dead');
    expect(store.recordRefused(to('b@example.org'), refusal)).toBe('held');
    expect(store.state()).toMatchObject({ pending: 3, held: 2, heldSince: START, heldForEverybody: false, dead: 0 });
    store.recordRetry({ message: 'one', channel: 'webhook', recipient: 'webhook' }, { ...refusal, held: true });
  }
  using store = open();
  expect(store.state()).toMatchObject({ pending: 3, held: 3, heldForEverybody: true });
  expect(store.waiting(2)).toMatchObject([
    { recipient: 'a@example.org', nextAt: later, heldSince: START },
    { recipient: 'b@example.org', nextAt: later, heldSince: START },
  ]);
});

test('what waits too long, or before too much for one recipient, is given up, the oldest first', () => {
  using store = open();
  for (const id of ['one', 'two', 'three'])
    store.commit({ state: NOTHING_TOLD, message: { ...message(id), mail: null } });
  const longAgo = '2026-01-01T00:00:00.000Z';
  expect(store.giveUp({ decidedAfter: longAgo, waiting: 3 }, START)).toBe(0);
  expect(store.giveUp({ decidedAfter: longAgo, waiting: 2 }, START)).toBe(1);
  expect(store.deadLetters(10).map(({ message: id }) => id)).toEqual(['one']);
  expect(store.giveUp({ decidedAfter: later, waiting: 2 }, START)).toBe(2);
  expect(store.state()).toMatchObject({ pending: 0, dead: 3 });
});

test('what is to be tried again is due now, given up or not, for everybody or for one recipient', () => {
  using store = open();
  store.commit({ state: NOTHING_TOLD, message: message('one', ['a@example.org', 'b@example.org']) });
  const to = (recipient: string) => ({ message: 'one', channel: 'mail' as const, recipient });
  store.recordRefused(to('a@example.org'), refusal);
  store.recordRetry(to('b@example.org'), { ...refusal, held: true });

  expect(store.retry('b@example.org')).toBe(1);
  expect(store.waiting(9)).toMatchObject([{ recipient: 'b@example.org', nextAt: null }, { recipient: 'webhook' }]);
  expect(store.retry()).toBe(3);
  expect(store.state()).toMatchObject({ pending: 3, dead: 0 });
});

test('dead letters come newest first, as many as are asked for', () => {
  using store = open();
  for (const id of ['one', 'two', 'three'])
    store.commit({ state: NOTHING_TOLD, message: { ...message(id), mail: null } });
  store.giveUp({ decidedAfter: later, waiting: 9 }, START);

  expect(store.deadLetters(2).map(({ message: id }) => id)).toEqual(['three', 'two']);
});

test('messages go 90 days after their last delivery ended, and never while somebody waits', () => {
  using store = open();
  store.commit({ state: NOTHING_TOLD, message: message('waiting', ['a@example.org']) });
  store.commit({ state: NOTHING_TOLD, message: { ...message('ended'), mail: null } });
  store.recordSent({ message: 'waiting', channel: 'webhook', recipient: 'webhook' }, START);
  now += 30 * DAY_MS;
  store.recordSent({ message: 'ended', channel: 'webhook', recipient: 'webhook' }, clock.now().toISOString());
  now += 80 * DAY_MS;
  store.commit({ state: NOTHING_TOLD, message: null });
  expect(store.find('ended')).toBeDefined();
  now += 11 * DAY_MS;
  store.commit({ state: NOTHING_TOLD, message: null });

  expect(store.find('ended')).toBeUndefined();
  expect(store.find('waiting')).toBeDefined();
  expect(store.state()).toMatchObject({ pending: 1 });
});

test('refuses a file of a newer version and leaves it as it is', () => {
  open().close();
  damage('PRAGMA user_version = 99');
  const before = readFileSync(file);

  expect(open).toThrow(expect.objectContaining({ code: 'store_too_new' }));
  expect(readFileSync(file)).toEqual(before);
  expect(readdirSync(directory).filter((name) => name.includes('.corrupt-'))).toEqual([]);
});

test('a damaged file is set aside, and everything unknown until a pass scanned something', () => {
  writeFileSync(file, 'not a database '.repeat(1000));
  const lost = { since: START, references: 'all' };
  {
    using store = open();
    expect(store.read()).toEqual({ state: NOTHING_TOLD, lost });
  }
  now += DAY_MS;
  using store = open();

  expect(warnings).toMatchObject([{ code: 'store_corrupt', aside: `${file}.corrupt-20261122T000000.000Z` }]);
  store.commit({ state: told(unscannedReference('a:1', START)), message: null });
  expect(store.read()).toMatchObject({ lost });
  store.commit({ state: told(scanned('a:1')), message: null });
  expect(store.read()).toEqual({ state: told(scanned('a:1')), lost: null });
});

test('a crash between setting aside and starting anew is no first run either', () => {
  writeFileSync(`${file}.corrupt-20261121T000000.000Z`, 'set aside');
  using store = open();

  expect(store.read()).toEqual({ state: NOTHING_TOLD, lost: { since: START, references: 'all' } });
});

test('damage that is found in the middle of a pass costs nothing of what the pass decided', () => {
  using store = open();
  store.commit({ state: told(scanned('a:1')), message: message('one') });
  {
    using connection = new DatabaseSync(file);
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
  const size = readFileSync(file).length;
  writeFileSync(file, Buffer.alloc(size, 0x55), { flag: 'r+' });
  const state = told(scanned('a:1', ['CVE-2026-2']));
  store.commit({ state, message: message('two') });

  expect(store.read()).toEqual({ state, lost: null });
  expect(store.heads()).toMatchObject([{ message: 'two' }, { message: 'two' }, { message: 'two' }]);
  expect(warnings).toMatchObject([{ code: 'store_corrupt' }]);
});

test.each([
  [
    'findings',
    "UPDATE told_findings SET body = x'00' WHERE digest = (SELECT findings FROM told_reference WHERE reference = 'a:1')",
  ],
  ['state', "UPDATE told_reference SET state = '{\"reference\":1}' WHERE reference = 'a:1'"],
])('a reference whose %s cannot be read is unknown, and only that one', (_, sql) => {
  {
    using store = open();
    store.commit({ state: told(scanned('a:1'), scanned('b:1', ['CVE-2026-2'])), message: null });
  }
  damage(sql);
  using store = open();
  const rest = told(scanned('b:1', ['CVE-2026-2']));

  expect(store.read()).toEqual({ state: rest, lost: { since: START, references: new Set(['a:1']) } });
  expect(warnings).toMatchObject([{ code: 'store_corrupt', reference: 'a:1', reason: expect.any(String) }]);
  store.commit({ state: rest, message: null });
  expect(store.read().lost?.references).toEqual(new Set(['a:1']));
  store.commit({ state: told(scanned('a:1'), ...rest.references), message: null });
  expect(store.read().lost).toBeNull();
});

test('what is lost is forgotten after 30 days, as everything that is not seen', () => {
  {
    using store = open();
    store.commit({ state: told(scanned('a:1')), message: null });
  }
  damage("UPDATE told_findings SET body = x'00'");
  using store = open();
  store.read();
  now += 31 * DAY_MS;
  store.commit({ state: NOTHING_TOLD, message: null });

  expect(store.read()).toEqual({ state: NOTHING_TOLD, lost: null });
});

test('a message that cannot be read holds up nobody, and is shown to whoever looks', () => {
  using store = open();
  store.commit({ state: NOTHING_TOLD, message: message('one', ['a@example.org']) });
  store.commit({ state: NOTHING_TOLD, message: message('two', ['a@example.org']) });
  store.recordSent({ message: 'one', channel: 'webhook', recipient: 'webhook' }, START);
  damage("UPDATE message SET body = x'00' WHERE id = 'one'");

  expect(store.find('one')).toBeUndefined();
  expect(warnings).toMatchObject([{ code: 'store_corrupt', message: 'one' }]);
  expect(store.deadLetters(10)).toMatchObject([{ message: 'one', channel: 'mail', lastError: expect.any(String) }]);
  expect(store.heads()).toMatchObject([{ message: 'two' }, { message: 'two' }]);
});

test('a commit that fails changes neither what is known nor what is on its way', () => {
  using store = open();
  store.commit({ state: told(scanned('a:1')), message: message('one') });
  damage("CREATE TRIGGER full BEFORE INSERT ON delivery BEGIN SELECT RAISE(ABORT, 'no more'); END");

  expect(() => store.commit({ state: told(scanned('b:1')), message: message('two') })).toThrow(/no more/);
  expect(store.read()).toEqual({ state: told(scanned('a:1')), lost: null });
  expect(store.find('two')).toBeUndefined();
});
