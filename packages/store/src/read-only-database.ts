import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { ScannerError } from '@scanner/core';

import type { DatabaseFormat } from './embedded-database.ts';
import { isDenied, storageError } from './storage-error.ts';

/** A database that is open, however it is. */
export interface OpenDatabase extends Disposable {
  /** @throws ScannerError as `storageError` says it */
  use<T>(work: (connection: DatabaseSync) => T): T;
  close(): void;
}

/**
 * An SQLite file as it lies, where nothing can be written beside it: on a read-only or full file system, or in a
 * directory of somebody else. Whatever would write fails.
 */
export class ReadOnlyDatabase implements OpenDatabase {
  readonly #file: string;
  readonly #connection: DatabaseSync;

  /** @throws ScannerError `directory_unusable`, `store_corrupt` or `store_too_new` */
  constructor(file: string, format: DatabaseFormat) {
    this.#file = file;
    try {
      this.#connection = openToRead(file, format.busyTimeoutMs);
      checkFormat(this.#connection, file, format);
    } catch (error) {
      throw storageError(file, error);
    }
  }

  use<T>(work: (connection: DatabaseSync) => T): T {
    try {
      return work(this.#connection);
    } catch (error) {
      throw storageError(this.#file, error);
    }
  }

  close(): void {
    if (this.#connection.isOpen) this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A database of nothing but this process's memory, of the present form. */
export const databaseInMemory = ({ migrations }: DatabaseFormat): OpenDatabase => {
  const connection = new DatabaseSync(':memory:');
  for (const step of migrations) connection.exec(step);
  const close = (): void => connection.close();
  return { use: (work) => work(connection), close, [Symbol.dispose]: close };
};

/**
 * A reader shares an index of what was written last with the writers. Where it can make none, and nothing waits to be
 * written into the file, the file alone is everything.
 */
const openToRead = (file: string, timeout: number): DatabaseSync => {
  try {
    return opened(file, timeout);
  } catch (error) {
    if (!isDenied(error) || !existsSync(file) || hasContent(`${file}-wal`)) throw error;
    const asItLies = pathToFileURL(file);
    asItLies.searchParams.set('immutable', '1');
    return opened(asItLies, timeout);
  }
};

/** SQLite opens a file only when it is read. */
const opened = (location: string | URL, timeout: number): DatabaseSync => {
  const connection = new DatabaseSync(location, { readOnly: true, timeout });
  try {
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};

const hasContent = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

const checkFormat = (
  connection: DatabaseSync,
  file: string,
  { name, applicationId, migrations }: DatabaseFormat,
): void => {
  const [owner, version] = ['application_id', 'user_version'].map((pragma) =>
    Number(connection.prepare(`PRAGMA ${pragma}`).get()?.[pragma]),
  );
  if (owner === applicationId && version === migrations.length) return;
  connection.close();
  if (owner === applicationId && Number(version) > migrations.length) {
    throw new ScannerError(`${file} was written by a newer version (format ${version}, known: ${migrations.length})`, {
      code: 'store_too_new',
      hint: 'use that newer version, or name another directory',
    });
  }
  throw owner === applicationId
    ? new ScannerError(
        `${file} was written by an older version and has to be brought up to date, which needs writing`,
        {
          code: 'directory_unusable',
          hint: 'run the command once where the directory can be written',
        },
      )
    : new ScannerError(`${file} is not a ${name}`, {
        code: 'store_corrupt',
        hint: 'move the file away, or name another directory',
      });
};
