import { rmSync, statSync } from 'node:fs';

import { lockFile } from './file-lock.ts';
import { makePrivateFile } from './private-file.ts';
import { storageError } from './storage-error.ts';

/**
 * Takes a lock whose file is there only while somebody holds it, for directories that people keep under version control.
 * Who got the lock of a file that its holder has removed meanwhile holds nothing, and has to try again.
 *
 * @returns `undefined` when somebody else holds it
 * @throws ScannerError `directory_unusable` or `disk_full`
 */
export const takeTransientLock = (file: string): Disposable | undefined => {
  const before = identityAfterMaking(file);
  const connection = lockFile(file, 0);
  if (connection === undefined) return undefined;
  if (before === undefined || identityOf(file) !== before) {
    connection.close();
    return undefined;
  }
  return {
    [Symbol.dispose]: () => {
      rmSync(file, { force: true });
      connection.close();
    },
  };
};

const identityAfterMaking = (file: string): string | undefined => {
  try {
    makePrivateFile(file);
  } catch (error) {
    throw storageError(file, error);
  }
  return identityOf(file);
};

const identityOf = (file: string): string | undefined => {
  const status = statSync(file, { throwIfNoEntry: false, bigint: true });
  return status && `${status.dev}:${status.ino}`;
};
