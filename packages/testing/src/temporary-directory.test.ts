import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { temporaryDirectory } from './temporary-directory.ts';

it('removes a temporary directory with what is read-only in it', async () => {
  const directory = await temporaryDirectory();
  const inner = join(directory.path, 'inner');
  await mkdir(inner);
  await writeFile(join(inner, 'file'), 'contents');
  await chmod(inner, 0o500);
  await directory[Symbol.asyncDispose]();
  expect(existsSync(directory.path)).toBe(false);
});
