import { existsSync } from 'node:fs';
import { statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { tinyFileSystem } from '../src/index.ts';

it('is full after so many megabytes, and gone when disposed', async () => {
  const disk = await tinyFileSystem(1);
  await expect(writeFile(join(disk.path, 'big'), Buffer.alloc(2_000_000))).rejects.toMatchObject({ code: 'ENOSPC' });
  await disk[Symbol.asyncDispose]();
  expect(existsSync(disk.path)).toBe(false);
});

it('becomes larger and smaller, but not smaller than what is in it', async () => {
  await using disk = await tinyFileSystem(1);
  const kibibytes = async (): Promise<number> => {
    const { blocks, bsize } = await statfs(disk.path);
    return (blocks * bsize) / 1024;
  };
  await disk.resize(4096);
  await writeFile(join(disk.path, 'big'), Buffer.alloc(2_000_000));
  await expect(disk.resize(1024)).rejects.toThrow('size=1024k');
  expect(await kibibytes()).toBe(4096);
  await disk.resize(2048);
  expect(await kibibytes()).toBe(2048);
});
