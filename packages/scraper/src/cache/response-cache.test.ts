import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { clockAt } from '@scanner/core/testing';
import { temporaryDirectory } from '@scanner/testing';
import { expect, test } from 'vitest';

import { openResponseCache } from './response-cache.ts';

const HOUR_MS = 3_600_000;

const entriesOf = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).map((name) => join(directory, name));

test('an answer is kept for a day, also the one that there is nothing', async () => {
  await using directory = await temporaryDirectory();
  const clock = clockAt('2026-11-22T10:00:00Z');
  const cache = openResponseCache(directory.path, { clock });
  await cache.keep('a', { results: ['ä'] });
  await cache.keep('b', null);
  clock.moveBy(23 * HOUR_MS);
  expect([await cache.find('a'), await cache.find('b')]).toStrictEqual([{ body: { results: ['ä'] } }, { body: null }]);
  clock.moveBy(HOUR_MS);
  expect(await cache.find('a')).toBeUndefined();
});

test('an answer from the future is not believed', async () => {
  await using directory = await temporaryDirectory();
  await openResponseCache(directory.path, { clock: clockAt('2027-01-01T00:00:00Z') }).keep('a', 1);
  expect(await openResponseCache(directory.path, { clock: clockAt('2026-01-01T00:00:00Z') }).find('a')).toBeUndefined();
});

test('two that use one directory see the answers of each other', async () => {
  await using directory = await temporaryDirectory();
  const [one, other] = [openResponseCache(directory.path), openResponseCache(directory.path)];
  const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
  await Promise.all(keys.flatMap((key) => [one.keep(key, key), other.keep(key, key)]));
  for (const key of keys) {
    expect(await one.find(key)).toStrictEqual({ body: key });
    expect(await other.find(key)).toStrictEqual({ body: key });
  }
  expect(await readdir(directory.path)).toHaveLength(keys.length);
});

test.each([
  ['cut', (content: Buffer) => content.subarray(0, content.length - 3)],
  ['empty', () => Buffer.alloc(0)],
  ['overwritten with something else', () => Buffer.from('{"body":1}')],
  [
    'changed by one bit',
    (content: Buffer) => {
      const changed = Buffer.from(content);
      changed[changed.length >> 1]! ^= 1;
      return changed;
    },
  ],
] as const)('an entry that is %s counts as absent and is replaced by the next', async (_how, damage) => {
  await using directory = await temporaryDirectory();
  const cache = openResponseCache(directory.path);
  await cache.keep('a', { text: 'x'.repeat(100) });
  const [file] = await entriesOf(directory.path);
  await writeFile(file!, damage(await readFile(file!)));
  expect(await cache.find('a')).toBeUndefined();
  await cache.keep('a', 2);
  expect(await cache.find('a')).toStrictEqual({ body: 2 });
});

test('the oldest entries give way when it grows beyond its size, and files of others stay', async () => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'notes.txt'), 'mine');
  const cache = openResponseCache(directory.path, { maxBytes: 40_000 });
  for (let turn = 0; turn < 30; turn += 1) {
    await cache.keep(`key ${turn}`, randomBytes(3000).toString('base64'));
    for (const file of await entriesOf(directory.path)) {
      const { mtimeMs } = await stat(file);
      await utimes(file, mtimeMs / 1000 - 1, mtimeMs / 1000 - 1);
    }
  }
  const sizes = await Promise.all((await entriesOf(directory.path)).map(async (file) => (await stat(file)).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(40_000);
  expect(await cache.find('key 29')).toBeDefined();
  expect(await cache.find('key 0')).toBeUndefined();
  expect(await readdir(directory.path)).toContain('notes.txt');
});

test('what a killed process left half-written goes with time', async () => {
  await using directory = await temporaryDirectory();
  const left = join(directory.path, `${'a'.repeat(64)}.json.zst.${'0'.repeat(36)}.part`);
  await writeFile(left, 'half');
  await utimes(left, 1, 1);
  await openResponseCache(directory.path).keep('a', 1);
  expect(await entriesOf(directory.path)).not.toContain(left);
});

test('a directory that cannot be written is told once and costs no more than the cache', async () => {
  await using directory = await temporaryDirectory();
  const warnings: string[] = [];
  const log = { info: () => {}, debug: () => {}, warn: (message: string) => void warnings.push(message) };
  const blocked = join(directory.path, 'file');
  await writeFile(blocked, '');
  const cache = openResponseCache(join(blocked, 'cache'), { log });
  await cache.keep('a', 1);
  await cache.keep('b', 1);
  expect(await cache.find('a')).toBeUndefined();
  expect(warnings).toHaveLength(1);
});

test('an entry that turned into a directory counts as absent', async () => {
  await using directory = await temporaryDirectory();
  const cache = openResponseCache(directory.path);
  await cache.keep('a', 1);
  const [file] = await entriesOf(directory.path);
  await using other = await temporaryDirectory();
  const moved = openResponseCache(other.path);
  await mkdir(join(other.path, file!.slice(directory.path.length + 1)));
  expect(await moved.find('a')).toBeUndefined();
});
