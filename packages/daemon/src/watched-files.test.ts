import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryDirectory } from '@scanner/testing';
import { expect, it } from 'vitest';

import { WatchedFiles } from './watched-files.ts';

it('notices what is written, replaced, added, removed and removed with its directory, each once', async () => {
  await using directory = await temporaryDirectory();
  const [list, secrets] = [join(directory.path, 'ignore-images.txt'), join(directory.path, 'secrets')];
  const files = new WatchedFiles([list, secrets]);
  expect(files.changed()).toBe(false);

  for (const change of [
    () => writeFile(list, 'alpine\n'),
    () => writeFile(list, 'alpine\ndebian\n'),
    () => mkdir(secrets),
    () => writeFile(join(secrets, 'SMTP_PASS'), 'one'),
    () => writeFile(join(secrets, 'SMTP_PASS'), 'other'),
    async () => {
      await writeFile(join(directory.path, 'new'), 'nginx\n');
      await rename(join(directory.path, 'new'), list);
    },
    () => rm(secrets, { recursive: true }),
  ]) {
    await change();
    expect(files.changed()).toBe(true);
    expect(files.changed()).toBe(false);
  }
});
