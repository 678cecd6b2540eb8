import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { makeDirectories } from './make-directories.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gts-directories-'));
});

afterEach(() => rm(root, { recursive: true }));

it('makes what is missing, with the mode, and leaves what is there', async () => {
  await mkdir(join(root, 'a'), { mode: 0o755 });
  await makeDirectories(join(root, 'a', 'b', 'c'), 0o700);
  await makeDirectories(join(root, 'a', 'b', 'c'), 0o755);
  const modes = await Promise.all(
    ['a', 'a/b', 'a/b/c'].map(async (path) => (await stat(join(root, path))).mode & 0o777),
  );
  expect(modes).toEqual([0o755, 0o700, 0o700]);
});

it('is done by many at once', async () => {
  await Promise.all(Array.from({ length: 50 }, (_, index) => makeDirectories(join(root, 'x', 'y', String(index)))));
  expect(await readdir(join(root, 'x', 'y'))).toHaveLength(50);
});

it('fails where a file is in the way', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(makeDirectories(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeDirectories(join(root, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it('ends where the system denies that a directory is there and lets none be made', async () => {
  await expect(makeDirectories('/proc/none')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(makeDirectories('/proc/none/below/that')).rejects.toMatchObject({ code: 'ENOENT' });
});
