import { DatabaseSync } from 'node:sqlite';

import { ScannerError } from '@scanner/core';

import { makePrivateFile } from './private-file.ts';
import { isBusy, isCorrupt, storageError } from './storage-error.ts';

/**
 * Takes the lock of a file that exists for nothing else: an exclusive transaction on an empty SQLite database. Closing
 * the connection gives it back, and the kernel does when the process ends, however it ends.
 *
 * @param waitMs how long to wait for other holders, blocking
 * @returns `undefined` when somebody else still holds it
 * @throws ScannerError `directory_unusable`
 */
export const lockFile = (file: string, waitMs: number): DatabaseSync | undefined =>
  takeLock(file, waitMs, 'BEGIN EXCLUSIVE');

/** The same, but held by as many as like at once; as long as one does, {@link lockFile} gives it to nobody. */
export const shareFile = (file: string, waitMs: number): DatabaseSync | undefined =>
  takeLock(file, waitMs, 'BEGIN; SELECT 1 FROM sqlite_schema');

const takeLock = (file: string, waitMs: number, begin: string): DatabaseSync | undefined => {
  let connection: DatabaseSync | undefined;
  try {
    makePrivateFile(file);
    connection = new DatabaseSync(file, { timeout: waitMs });
    connection.exec(begin);
    return connection;
  } catch (error) {
    connection?.close();
    if (isBusy(error)) return undefined;
    if (isCorrupt(error)) throw foreignFile(file, error);
    throw storageError(file, error);
  }
};

const foreignFile = (file: string, cause: unknown): ScannerError =>
  new ScannerError(`${file} should be a lock file but holds something else`, {
    code: 'directory_unusable',
    hint: `look at ${file} and move it away`,
    cause,
  });
