import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { type Clock, type Log, silentLog } from '@scanner/core';
import { LEFT_AT, placeEarlierState, type TemporaryDirectory, temporaryDirectory } from '@scanner/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BaselineDirectory } from './baselines/baseline-directory.ts';
import { openBlobCache } from './blob-cache.ts';
import { openResultStore, openResultStoreToRead } from './result-store.ts';
import { openTellingStore } from './telling/open-telling-store.ts';
import { openToolStoreToRead } from './tools/open-tool-store-to-read.ts';
import { openToolStore } from './tools/open-tool-store.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';
const WORKER = 'registry.example/shop/worker:1.0';
const WEB = ['registry.example/shop/web:1.4.2', 'registry.example/shop/web:latest'] as const;

/** Nothing of an earlier version is worth a warning. */
const log: Log = {
  ...silentLog,
  warn: (message) => {
    throw new Error(`a warning: ${message}`);
  },
};
const clock: Clock = { now: () => LEFT_AT['0.1.0'], elapsed: () => 0 };

let directory: TemporaryDirectory;

beforeEach(async () => {
  directory = await temporaryDirectory();
  await placeEarlierState('0.1.0', 'host', directory.path);
  await placeEarlierState('0.1.0', 'catalogue', join(directory.path, 'data'));
});
afterEach(() => directory[Symbol.asyncDispose]());

const inState = (name: string): string => join(directory.path, 'state', name);

describe('what 0.1.0 told', () => {
  it('is what is known now: the standing, the findings and the failures of each reference', () => {
    using telling = openTellingStore(inState('telling.db'), { log, clock });
    const { state, lost } = telling.read();
    expect(lost).toBeNull();
    expect(state.trouble).toBeNull();
    expect(state.references.map(({ reference, standing, known }) => [reference, standing, known.length])).toEqual([
      [ALPINE, 'accepted', 6],
      [DEBIAN, 'pending', 8],
      [WEB[0], 'pending', 9],
      [WEB[1], 'accepted', 9],
      [WORKER, 'pending', 9],
    ]);
    const failing = state.references.find(({ reference }) => reference === WORKER)?.failing;
    expect(failing).toMatchObject({ passes: 3, told: true, reason: { code: 'crashed' } });
    expect([...telling.awaitingSecondLook()]).toEqual([ALPINE, ...WEB]);
  });

  it('and did not get out yet goes on to wait, as the same message', () => {
    using telling = openTellingStore(inState('telling.db'), { log, clock });
    const [head, ...others] = telling.heads();
    expect(others).toEqual([]);
    expect(head).toMatchObject({ channel: 'mail', recipient: 'ops@example.org', attempts: 1, heldSince: null });
    expect(telling.find(head?.message ?? '')?.mail).toMatchObject({
      messageId: '<ca40080a-adeb-4ed6-8488-b2b62841be35@example.org>',
      subject: '[image-scanner] vm: 1 new, 1 raised in severity, worst CRITICAL',
      recipients: ['ops@example.org'],
    });
    expect(telling.state()).toMatchObject({ pending: 1, held: 0, dead: 0, heldForEverybody: false });
  });

  it('is all still there when it was written anew and read again', () => {
    using telling = openTellingStore(inState('telling.db'), { log, clock });
    const { state } = telling.read();
    telling.commit({ state, message: null });
    using again = openTellingStore(inState('telling.db'), { log, clock });
    expect(again.read().state).toEqual(state);
    expect(again.heads()).toHaveLength(1);
  });
});

describe('what 0.1.0 found', () => {
  it.each([
    ['to write', openResultStore],
    ['to read', openResultStoreToRead],
  ])('is on record, opened %s', (_, open) => {
    using results = open(inState('results.db'), { log, clock });
    expect(results.references()).toEqual([ALPINE, DEBIAN, ...WEB, WORKER]);
    const last = results.lastOf(DEBIAN);
    expect(last).toMatchObject({ coverage: 'full', databaseStale: false });
    const findings = last && results.find(last.key)?.scan.findings.map(({ vulnerability }) => vulnerability);
    expect(findings).toContain('CVE-2099-1011');
  });

  it('lies in the scan cache as it did', () => {
    using cache = openBlobCache(join(directory.path, 'cache', 'scan-cache.db'), { log, clock });
    const name = 'gts::layer-name::f55e1a2f5657fb4ec2a3f6299fc857b10cb5e19af31c3acea8dbab7008fb59ba/layer.tar';
    expect(cache.get(name)?.toString()).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('and was accepted is accepted, with its reason and its end', async () => {
    const baselines = new BaselineDirectory(join(directory.path, 'snapshots'), { clock });
    const [alpine, web] = [await baselines.read(ALPINE, []), await baselines.read(WEB[1], [])];
    expect(alpine).toMatchObject({ status: 'read', baseline: { reference: ALPINE, coverage: 'full' } });
    expect(alpine?.status === 'read' && alpine.baseline.findings).toHaveLength(6);
    const lines = web?.status === 'read' ? web.baseline.findings : [];
    expect(lines).toHaveLength(9);
    for (const line of lines) expect(line).toMatchObject({ reason: 'to be replaced', expires: '2099-01-31' });
  });
});

describe('the catalogue of 0.1.0', () => {
  const data = (): string => join(directory.path, 'data');

  it('keeps its tools, tags and scans, and says now how much could be judged', async () => {
    await using store = await openToolStore(data(), { log, clock });
    const tools = [...store.tools()];
    expect(tools).toHaveLength(12);
    expect(store.find('docker_hub:acme/legacy')?.security).toMatchObject({
      status: 'vulnerable',
      coverage: 'eol',
      scanned_tag: '3.10',
      vulnerabilities: { high: 1 },
    });
    expect(store.find('docker_hub:acme/odd-names')?.security).toMatchObject({ coverage: 'full' });
    expect(store.find('docker_hub:library/redis')?.security).toMatchObject({ status: 'unknown', coverage: null });
    expect(store.tagsOf('docker_hub:library/redis').map(({ name }) => name)).toEqual(['alpine', '7.0', '6.2']);
    expect(store.scanOf('docker_hub:acme/odd-names')?.findings).toHaveLength(3);
  });

  it('is published with all that stood there', async () => {
    const file = join(data(), 'processed', 'tools.json');
    const before = JSON.parse(await readFile(file, 'utf8'));
    await (await openToolStore(data(), { log, clock })).close();
    const after = JSON.parse(await readFile(file, 'utf8'));
    expect(after.tools).toMatchObject(before.tools);
    expect(after.tools).toHaveLength(12);
  });

  it('is read by who may only read', async () => {
    await using store = await openToolStoreToRead(data(), { log, clock });
    expect([...store.tools()]).toHaveLength(12);
  });

  it('is had from tools.json where its store is gone', async () => {
    await writeFile(join(data(), 'store.db'), '');
    await using store = await openToolStore(data(), { log, clock });
    expect([...store.tools()]).toHaveLength(12);
  });
});

it('a state of 0.1.0 has the present format once it was opened', () => {
  const formats = ['telling.db', 'made-now.db'].map((name) => {
    openTellingStore(inState(name), { log, clock }).close();
    using database = new DatabaseSync(inState(name), { readOnly: true });
    return database.prepare('PRAGMA user_version').get();
  });
  expect(formats[0]).toEqual(formats[1]);
});
