import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { type Log, ScannerError, silentLog, systemClock } from '@scanner/core';

import { databaseInMemory, type OpenDatabase, ReadOnlyDatabase } from '../read-only-database.ts';
import { cannotBeWritten, storageError } from '../storage-error.ts';
import { CATALOGUE_FORMAT } from './catalogue-format.ts';
import { readPrint } from './file-print.ts';
import { type OpenToolStore, openToolStore, type ToolStoreOptions } from './open-tool-store.ts';
import { SqliteToolStore } from './sqlite-tool-store.ts';
import { readViewState } from './view-state.ts';
import { takeOver } from './written-file.ts';

/**
 * The same as {@link openToolStore} for who only reads: where the directory cannot be written, on a read-only or full
 * file system or as another user, the catalogue is what lies there, and a warning says so. Without a store that is what
 * `tools.json` says.
 *
 * @throws ScannerError as `openToolStore`
 */
export const openToolStoreToRead = async (
  dataDirectory: string,
  options: ToolStoreOptions = {},
): Promise<OpenToolStore> => {
  try {
    return await openToolStore(dataDirectory, options);
  } catch (error) {
    if (!ScannerError.is(error) || !cannotBeWritten(dataDirectory, error)) throw error;
    const log = options.log ?? silentLog;
    log.warn(`the catalogue is read as it lies there: ${error.message}`, { code: error.code });
    return await openAsItLies(dataDirectory, { ...options, log });
  }
};

const openAsItLies = async (
  directory: string,
  { log, clock = systemClock }: ToolStoreOptions & { readonly log: Log },
): Promise<OpenToolStore> => {
  const file = join(directory, 'store.db');
  const toolsFile = join(directory, 'processed', 'tools.json');
  const hasStore = existsSync(file);
  const database = hasStore ? new ReadOnlyDatabase(file, CATALOGUE_FORMAT) : databaseInMemory(CATALOGUE_FORMAT);
  const store = new ToolStoreAsItLies(database, { log, clock, onChange: () => {} });
  try {
    const print = await readPrint(toolsFile, hasStore ? database.use(readViewState).ours : []);
    if (print === undefined) return store;
    if (!hasStore) await takeOver(toolsFile, { saveTools: (rows) => store.saveTools(rows), saveExtra: () => {} }, log);
    else if (!database.use(readViewState).ours.some(({ hash }) => hash === print.hash))
      log.warn('tools.json was edited, which can only be taken over where the directory can be written', {
        file: toolsFile,
      });
    return store;
  } catch (error) {
    database.close();
    throw storageError(toolsFile, error);
  }
};

class ToolStoreAsItLies extends SqliteToolStore implements OpenToolStore {
  readonly #opened: OpenDatabase;

  constructor(database: OpenDatabase, parts: ConstructorParameters<typeof SqliteToolStore>[1]) {
    super(database, parts);
    this.#opened = database;
  }

  /** Nothing is published. */
  shown(): Promise<void> {
    return Promise.resolve();
  }

  /** There is nothing to publish. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#opened.close();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
