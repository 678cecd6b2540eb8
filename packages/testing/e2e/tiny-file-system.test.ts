import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { tinyFileSystem } from '../src/index.ts';

it('is full after so many megabytes, and gone when disposed', async () => {
  const disk = await tinyFileSystem(1);
  await expect(writeFile(join(disk.path, 'big'), Buffer.alloc(2_000_000))).rejects.toMatchObject({ code: 'ENOSPC' });
  await disk[Symbol.asyncDispose]();
  expect(existsSync(disk.path)).toBe(false);
});
