import { join } from 'node:path';

import {
  type Clock,
  type LockKeeper,
  type Log,
  makeDirectories,
  silentLog,
  systemClock,
  type Tool,
  type ToolStore,
} from '@scanner/core';

import { EmbeddedDatabase } from '../embedded-database.ts';
import { createLockKeeper } from '../lock-keeper.ts';
import { storageError } from '../storage-error.ts';
import { CATALOGUE_FORMAT } from './catalogue-format.ts';
import { fillCoverage } from './missing-coverage.ts';
import { PublishingSchedule } from './publishing-schedule.ts';
import { SqliteToolStore } from './sqlite-tool-store.ts';
import { ToolsView } from './tools-view.ts';

const OWNER_ONLY = 0o700;

export interface ToolStoreOptions {
  readonly log?: Log;
  readonly clock?: Clock;
  readonly locks?: LockKeeper;
  readonly signal?: AbortSignal;
}

/** A catalogue with its published view, `processed/tools.json`. */
export interface OpenToolStore extends ToolStore, AsyncDisposable {
  /**
   * Adds or updates whole tools; others stay. Of two scans of a tool the newer is kept, and fields that a given tool
   * does not have stay as they are.
   */
  saveTools(tools: readonly Tool[]): void;
  /** Makes these the whole catalogue. What is known of a tool that is gone goes with it. */
  replaceTools(tools: readonly Tool[]): void;
  /**
   * Resolves once `tools.json` shows what was saved before, in a catalogue of up to 1,000 tools; in a larger one, and while
   * the file cannot be written, at once.
   */
  shown(): Promise<void>;
  /**
   * Makes `tools.json` exact now; without it, it follows within seconds. Takes over what others wrote to it.
   * @throws ScannerError `file_too_new`, `disk_full`, `directory_busy` or `directory_unusable`; the file is then as it was
   */
  flush(signal?: AbortSignal): Promise<void>;
  /** Flushes and closes; closed it is in any case. @throws ScannerError as `flush` */
  close(): Promise<void>;
}

/**
 * Opens the catalogue in a data directory, which several processes may use at once. What somebody else wrote to
 * `processed/tools.json` is taken over, and what an earlier process could not publish any more is published.
 *
 * A damaged store is set aside with a `store_corrupt` warning; what `tools.json` holds is the catalogue then.
 *
 * @throws ScannerError `store_too_new`, `file_too_new`, `directory_unusable`, `directory_busy`, `disk_full` or
 *   `store_corrupt`
 *
 * @example
 * await using store = await openToolStore('data', { log });
 * store.saveScan('docker_hub:library/postgres', scan);
 */
export const openToolStore = async (
  dataDirectory: string,
  { log = silentLog, clock = systemClock, locks = createLockKeeper(), signal }: ToolStoreOptions = {},
): Promise<OpenToolStore> => {
  await makeDirectories(dataDirectory, OWNER_ONLY).catch((error: unknown) => {
    throw storageError(dataDirectory, error);
  });
  const database = new EmbeddedDatabase(join(dataDirectory, 'store.db'), CATALOGUE_FORMAT, { log, clock });
  const store = new PublishedToolStore(database, dataDirectory, { log, clock, locks });
  try {
    fillCoverage(database, log);
    await store.flush(signal);
    return store;
  } catch (error) {
    database.close();
    throw error;
  }
};

class PublishedToolStore extends SqliteToolStore implements OpenToolStore {
  readonly #database: EmbeddedDatabase;
  readonly #schedule: PublishingSchedule;

  constructor(database: EmbeddedDatabase, directory: string, options: { log: Log; clock: Clock; locks: LockKeeper }) {
    super(database, { ...options, onChange: () => this.#schedule.noteChange() });
    this.#database = database;
    const view = new ToolsView({
      ...options,
      database,
      tools: new SqliteToolStore(database, { ...options, onChange: () => {} }),
      path: join(directory, 'processed', 'tools.json'),
      lock: join(directory, 'tools.lock'),
    });
    this.#schedule = new PublishingSchedule(view, options);
  }

  shown(): Promise<void> {
    return this.#schedule.showNow();
  }

  flush(signal?: AbortSignal): Promise<void> {
    return this.#schedule.flush(signal);
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#schedule.stop();
      this.#database.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
