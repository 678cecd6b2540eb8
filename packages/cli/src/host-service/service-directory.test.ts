import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryDirectory } from '@scanner/testing';
import { expect, it } from 'vitest';

import { makeServiceDirectory } from './service-directory.ts';

it('makes what is mounted, for nobody else to read', async () => {
  await using temporary = await temporaryDirectory();
  const directory = join(temporary.path, 'deep', 'security');
  const { uid, gid } = await makeServiceDirectory(directory);
  expect({ uid, gid }).toEqual({ uid: process.getuid?.(), gid: process.getgid?.() });
  expect((await readdir(directory)).toSorted()).toEqual(['cache', 'logs', 'secrets', 'settings', 'snapshots', 'state']);
  expect((await stat(join(directory, 'secrets'))).mode & 0o777).toBe(0o700);
});

it('leaves alone what is there', async () => {
  await using temporary = await temporaryDirectory();
  await mkdir(join(temporary.path, 'logs'), { mode: 0o755 });
  await writeFile(join(temporary.path, 'ignore-images.txt'), 'alpine\n');
  await makeServiceDirectory(temporary.path);
  expect((await stat(join(temporary.path, 'logs'))).mode & 0o777).toBe(0o755);
  expect(await readFile(join(temporary.path, 'ignore-images.txt'), 'utf8')).toBe('alpine\n');
});

it('says which directory cannot be prepared', async () => {
  await using temporary = await temporaryDirectory();
  const file = join(temporary.path, 'file');
  await writeFile(file, '');
  await expect(makeServiceDirectory(join(file, 'security'))).rejects.toMatchObject({
    code: 'directory_unusable',
    message: expect.stringContaining(join(file, 'security')),
  });
});
