import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { Tool, type ToolScan, UNKNOWN_SECURITY } from '@scanner/core';
import { openToolStore } from '@scanner/store';

const TOOLS = 200;
const KILLS = 100;
/** Every second life begins with the opening of the catalogue, the others when it is open; a few are long enough to publish. */
const LIFE_MS = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 120 }) },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 700 }) },
);
const WAITING_CHILDREN = 3;

let directory: string;
let file: string;
const undo: (() => void)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-catalogue-'));
  file = join(directory, 'processed', 'tools.json');
  undo.push(() => rmSync(directory, { recursive: true }));
});

afterEach(() => {
  for (const step of undo.splice(0).toReversed()) step();
});

const SAVER = fileURLToPath(new URL('tool-saver.ts', import.meta.url));
const READER = fileURLToPath(new URL('tools-reader.ts', import.meta.url));

const start = (program: string, ...args: string[]): ChildProcessWithoutNullStreams => {
  const child = spawn(process.execPath, ['--conditions=@scanner/source', program, ...args]);
  undo.push(() => child.kill('SIGKILL'));
  return child;
};

const linesOf = (child: ChildProcessWithoutNullStreams): AsyncIterator<string> =>
  createInterface(child.stdout)[Symbol.asyncIterator]();

const scrapeAll = async (): Promise<void> => {
  await using store = await openToolStore(directory);
  const names = Array.from({ length: TOOLS }, (_, number) => String(number).padStart(3, '0'));
  const tools = names.map((name) => Tool.parse({ id: `docker_hub:acme/${name}`, name, namespace: 'acme' }));
  store.saveScraped(tools.map((tool) => ({ tool, tags: [], tagsKnown: true })));
};

const publishedDates = (): Map<string, string> => {
  const { tools }: { tools: Tool[] } = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(tools.map(({ id, security }) => [id, security.trivy_scan_date ?? '']));
};

const olderThan = (dates: ReadonlyMap<string, string>, saved: ReadonlyMap<string, string>): string[] =>
  [...saved].filter(([id, date]) => (dates.get(id) ?? '') < date).map(([id, date]) => `${id} ${date}`);

const reader = async (): Promise<() => Promise<{ reads: number; problems: string[] }>> => {
  const child = start(READER, file);
  const lines = linesOf(child);
  await lines.next();
  return async () => {
    child.stdin.end();
    return JSON.parse((await lines.next()).value);
  };
};

test(`what ${KILLS} killed runs reported as saved is in tools.json after the next opening, and none of it is done twice`, async () => {
  const seed = randomInt(2 ** 31);
  const lives = fc.sample(LIFE_MS, { numRuns: KILLS, seed });
  await scrapeAll();
  const endReading = await reader();
  const waiting = Array.from({ length: WAITING_CHILDREN }, () => start(SAVER, directory));
  const saved = new Map<string, string>();
  const reports: string[] = [];
  const lost: string[] = [];
  for (const [index, life] of lives.entries()) {
    const lifeBegins = index % 2 === 0 ? 'open' : 'ready';
    waiting.push(start(SAVER, directory));
    const child = waiting.shift();
    if (child === undefined) break;
    const ended = once(child, 'exit');
    for await (const line of createInterface(child.stdout)) {
      if (line === lifeBegins) void sleep(life).then(() => child.kill('SIGKILL'));
      if (line === 'ready') child.stdin.write('go\n');
      else if (line === 'open') lost.push(...olderThan(publishedDates(), saved));
      else {
        const [id = '', date = ''] = line.split(' ');
        saved.set(id, date);
        reports.push(line);
      }
    }
    await ended;
  }
  await (await openToolStore(directory)).close();
  const { reads, problems } = await endReading();

  expect(lost, `seed ${seed}`).toEqual([]);
  expect(olderThan(publishedDates(), saved), `seed ${seed}`).toEqual([]);
  expect(new Set(reports).size, `seed ${seed}`).toBe(reports.length);
  expect(reports.length, `seed ${seed}`).toBeGreaterThan(TOOLS);
  expect(problems, `seed ${seed}`).toEqual([]);
  expect(reads).toBeGreaterThan(KILLS);
  expect(readdirSync(join(directory, 'processed'))).toEqual(['tools.json']);
  expect(readdirSync(directory).filter((name) => name.includes('.corrupt-'))).toEqual([]);
});

test('two processes that save at once end with what both have saved', async () => {
  await scrapeAll();
  const endReading = await reader();
  const children = ['0', '1'].map((part) => start(SAVER, directory, part, '2'));
  const codes = children.map(async (child) => {
    child.stdout.resume();
    child.stdin.write('go\n');
    const [code]: unknown[] = await once(child, 'exit');
    return code;
  });

  expect(await Promise.all(codes)).toEqual([0, 0]);
  expect([...publishedDates().values()]).toEqual(Array.from({ length: TOOLS }, () => '1970-01-03T00:00:00.000Z'));
  expect(await endReading()).toMatchObject({ problems: [] });
  await using store = await openToolStore(directory);
  expect(new Map([...store.tools()].map(({ id, security }) => [id, security.trivy_scan_date]))).toEqual(
    publishedDates(),
  );
});

test('on a full disk a save is an error and can be repeated, and what was saved before stays whole', async () => {
  const disk = join(directory, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]);
  undo.push(() => execFileSync('umount', ['--lazy', disk]));
  const ballast = join(disk, 'ballast');
  writeFileSync(ballast, randomBytes(1024 ** 2));
  file = join(disk, 'processed', 'tools.json');
  const store = await openToolStore(disk);
  const idOf = (index: number): string => `docker_hub:acme/${String(index).padStart(3, '0')}`;
  const scanOf = (index: number): ToolScan => ({
    security: { ...UNKNOWN_SECURITY, status: 'ok', trivy_scan_date: new Date(index).toISOString() },
    imageRef: randomBytes(20_000).toString('hex'),
    rule: 'latest',
    source: 'remote',
    platform: 'linux/amd64',
    coverage: 'full',
    coverageReason: null,
    databaseGeneration: 'g1',
    databaseStale: false,
    findings: [],
  });
  const ids = Array.from({ length: 100 }, (_, index) => idOf(index));
  store.saveTools(ids.map((id) => Tool.parse({ id })));
  await store.flush();
  const before = publishedDates();

  let saved = 0;
  const fill = (): void => {
    for (; saved < 100; saved += 1) store.saveScan(idOf(saved), scanOf(saved));
  };
  expect(fill).toThrow(expect.objectContaining({ code: 'disk_full' }));
  expect(saved).toBeGreaterThan(3);
  await expect(store.flush()).rejects.toMatchObject({ code: 'disk_full' });
  expect(publishedDates()).toEqual(before);
  expect(store.find(idOf(saved))?.security.status).toBe('unknown');

  rmSync(ballast);
  store.saveScan(idOf(saved), scanOf(saved));
  await store.close();
  await using opened = await openToolStore(disk);
  expect([...opened.tools()].filter(({ security }) => security.status === 'ok')).toHaveLength(saved + 1);
  expect([...publishedDates().values()].filter((date) => date !== '')).toHaveLength(saved + 1);
  expect(readdirSync(join(disk, 'processed'))).toEqual(['tools.json']);
});
