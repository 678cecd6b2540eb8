import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { type Clock, type Log, ScannerError } from '@scanner/core';

import { lockFile } from './file-lock.ts';
import { isBusy, isCorrupt, storageError } from './storage-error.ts';

const REPAIR_WAIT_MS = 5000;
const SWITCH_WAIT_MS = 10;

/** What one kind of database file looks like. */
export interface DatabaseFormat {
  /** For messages, e.g. `result store`. */
  readonly name: string;
  /** Tells our files from those of others: SQLite's `application_id`. */
  readonly applicationId: number;
  /** From nothing to the present form, one step a version; a file's version is how many it has seen. */
  readonly migrations: readonly string[];
  readonly synchronous: 'NORMAL' | 'FULL';
  readonly busyTimeoutMs: number;
  /** After so many pages of changes a write also tidies up, which takes longer; SQLite's 1000 unless given. */
  readonly checkpointPages?: number;
  /** Whether the file may be lost: then one of a newer format is replaced rather than refused. */
  readonly expendable: boolean;
}

export interface DatabaseContext {
  readonly log: Log;
  readonly clock: Clock;
}

/** The file is not one of ours, or of a form that cannot be read: it is set aside. */
class ForeignDatabase extends Error {}

/**
 * An SQLite file that several processes may use at once. One that is damaged, or is not ours, is set aside as
 * `<file>.corrupt-<UTC time>` with a warning, and an empty one takes its place: at once, whenever it is noticed.
 */
export class EmbeddedDatabase implements Disposable {
  readonly #file: string;
  readonly #format: DatabaseFormat;
  readonly #context: DatabaseContext;
  #connection: DatabaseSync;
  #inode: number | undefined;

  /** @throws ScannerError `directory_unusable`, `disk_full`, `directory_busy`, `store_corrupt` or `store_too_new` */
  constructor(file: string, format: DatabaseFormat, context: DatabaseContext) {
    this.#file = file;
    this.#format = format;
    this.#context = context;
    this.#connection = this.#openOrStartAnew();
  }

  /**
   * Runs `work`; when the file turns out to be damaged, once more on an empty one.
   * @throws ScannerError as the constructor, except `store_too_new`
   */
  use<T>(work: (connection: DatabaseSync) => T): T {
    try {
      return this.#repairing(work);
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

  #repairing<T>(work: (connection: DatabaseSync) => T): T {
    try {
      return work(this.#connection);
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      this.close();
      this.#setAside(error);
      this.#connection = this.#open();
      return work(this.#connection);
    }
  }

  #openOrStartAnew(): DatabaseSync {
    try {
      return this.#openOrSetAside();
    } catch (error) {
      throw storageError(this.#file, error);
    }
  }

  #openOrSetAside(): DatabaseSync {
    try {
      return this.#open();
    } catch (error) {
      if (!isCorrupt(error) && !(error instanceof ForeignDatabase)) throw error;
      this.#setAside(error);
      return this.#open();
    }
  }

  #open(): DatabaseSync {
    this.#inode = inodeOf(this.#file);
    const connection = new DatabaseSync(this.#file, { timeout: this.#format.busyTimeoutMs });
    try {
      const version = this.#version(connection);
      this.#shareWithOthers(connection);
      connection.exec(`PRAGMA synchronous=${this.#format.synchronous}`);
      if (this.#format.checkpointPages !== undefined)
        connection.exec(`PRAGMA wal_autocheckpoint=${this.#format.checkpointPages}`);
      if (version < this.#format.migrations.length) this.#migrate(connection);
      this.#inode = inodeOf(this.#file);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Of several processes that open a new file at once only one can switch its mode; SQLite does not let the others wait. */
  #shareWithOthers(connection: DatabaseSync): void {
    const end = performance.now() + this.#format.busyTimeoutMs;
    for (;;) {
      try {
        connection.exec('PRAGMA journal_mode=WAL');
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SWITCH_WAIT_MS);
      }
    }
  }

  #migrate(connection: DatabaseSync): void {
    const { migrations, applicationId } = this.#format;
    connection.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have been quicker: what counts is the version seen under the lock.
      for (const step of migrations.slice(this.#version(connection))) connection.exec(step);
      connection.exec(`PRAGMA application_id=${applicationId}; PRAGMA user_version=${migrations.length}; COMMIT`);
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** How many migrations the file has seen; 0 for a file of nothing. */
  #version(connection: DatabaseSync): number {
    const { applicationId, migrations, expendable, name } = this.#format;
    const version = pragma(connection, 'user_version');
    const owner = pragma(connection, 'application_id');
    if (owner !== applicationId && !isEmpty(connection)) throw new ForeignDatabase(`it is not a ${name}`);
    if (version <= migrations.length) return version;
    if (expendable) throw new ForeignDatabase(`it is of format ${version}, which is newer than ${migrations.length}`);
    throw new ScannerError(
      `${this.#file} was written by a newer version (format ${version}, known: ${migrations.length})`,
      {
        code: 'store_too_new',
        hint: 'use that newer version, or name another directory',
      },
    );
  }

  /** Only the very file that was found damaged: meanwhile another process may have put a sound one in its place. */
  #setAside(why: unknown): void {
    using _ = lockFile(`${this.#file}.repair.lock`, REPAIR_WAIT_MS);
    if (this.#inode === undefined || inodeOf(this.#file) !== this.#inode) return;
    const aside = `${this.#file}.corrupt-${this.#context.clock.now().toISOString().replaceAll(/[-:]/g, '')}`;
    for (const part of ['-wal', '-shm', '']) {
      if (existsSync(this.#file + part)) renameSync(this.#file + part, aside + part);
    }
    this.#context.log.warn(`the ${this.#format.name} could not be read: it is set aside and started anew`, {
      code: 'store_corrupt',
      file: this.#file,
      aside,
      reason: why instanceof Error ? why.message : String(why),
    });
  }
}

const pragma = (connection: DatabaseSync, name: 'user_version' | 'application_id'): number =>
  Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);

const isEmpty = (connection: DatabaseSync): boolean =>
  connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;

const inodeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
