import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectories } from '@scanner/core';

import { storageError } from './storage-error.ts';

const PRIVATE = 0o700;

/**
 * Makes the directory where it is missing and proves that files can be made in it.
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
};
