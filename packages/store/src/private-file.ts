import { chmodSync, closeSync, fchmodSync, openSync, statSync } from 'node:fs';

import { errnoOf } from './storage-error.ts';

/** What SQLite calls a database without a file. */
export const IN_MEMORY = ':memory:';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/**
 * Sees to it that a file is there that none but its owner can open, whatever the umask: who can open a file can hold a
 * lock on it. One that is there is never opened here, since closing it would give back all locks of this process on it.
 *
 * @throws what making it throws
 */
export const makePrivateFile = (file: string): void => {
  if (file === IN_MEMORY) return;
  if (statSync(file, { throwIfNoEntry: false }) === undefined) create(file);
  else closeToOthers(file);
};

const create = (file: string): void => {
  try {
    const descriptor = openSync(file, 'wx', OWNER_ONLY);
    fchmodSync(descriptor, OWNER_ONLY);
    closeSync(descriptor);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
};

/** Does nothing where there is no such file, or it is somebody else's. */
export const closeToOthers = (file: string): void => {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status?.isFile() !== true || (status.mode & OTHERS) === 0 || status.uid !== process.geteuid?.()) return;
  try {
    chmodSync(file, status.mode & 0o700);
  } catch {
    // A disk that knows no modes, or takes no writes: then it is as it was.
  }
};
