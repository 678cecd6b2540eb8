import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publishDirectory } from './publish-directory.mjs';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'gts-publish-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** @param {string} content @returns {(directory: string) => Promise<void>} */
const fillWith = (content) => (directory) => writeFile(join(directory, 'file'), content);

it('publishes what was filled in, with nothing left beside it', async () => {
  await publishDirectory(join(parent, 'made'), fillWith('content'));
  expect(await readdir(parent)).toEqual(['made']);
  expect(await readFile(join(parent, 'made', 'file'), 'utf8')).toBe('content');
});

it('leaves nothing behind when filling fails', async () => {
  const fail = () => Promise.reject(new Error('no network'));
  await expect(publishDirectory(join(parent, 'made'), fail)).rejects.toThrow('no network');
  expect(await readdir(parent)).toEqual([]);
});

it('keeps the result of the process that was quicker', async () => {
  const target = join(parent, 'made');
  await publishDirectory(target, async (directory) => {
    await publishDirectory(target, fillWith('quicker'));
    await fillWith('slower')(directory);
  });
  expect(await readFile(join(target, 'file'), 'utf8')).toBe('quicker');
  expect(await readdir(parent)).toEqual(['made']);
});
