import { randomBytes } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectories } from '@scanner/core';

import { storageError } from './storage-error.ts';

const PRIVATE = 0o700;
const PROBE = /^\.writable-[0-9a-f]{16}\.tmp$/;

/**
 * Makes the directory where it is missing and proves that files can be made in it. What a killed process left of such a
 * proof goes.
 *
 * @param mode of a directory that is made, for its owner alone by default
 * @throws ScannerError `directory_unusable`, which says whose it is and who we are, or `disk_full`
 */
export const checkDirectory = async (
  path: string,
  { mode = PRIVATE }: { readonly mode?: number } = {},
): Promise<void> => {
  const probe = join(path, `.writable-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await makeDirectories(path, mode);
    await using file = await open(probe, 'wx');
    await file.writeFile('x');
  } catch (error) {
    throw storageError(path, error);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
  await removeProbes(path).catch(() => undefined);
};

/** Another process's of this moment too: it is proof as soon as it is made. */
const removeProbes = async (path: string): Promise<void> => {
  for (const name of await readdir(path)) if (PROBE.test(name)) await rm(join(path, name), { force: true });
};
