import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { type Clock, type Log, ScannerError } from '@scanner/core';

import { copyBefore, wayBack } from './earlier-format.ts';
import { lockFile, shareFile } from './file-lock.ts';
import { closeToOthers, IN_MEMORY, makePrivateFile } from './private-file.ts';
import { isBusy, isCorrupt, storageError } from './storage-error.ts';
import { transaction } from './transaction.ts';

const LONGEST_REPAIR_WAIT_MS = 5000;
const TRY_AGAIN_MS = 10;
/** Two milliseconds each MiB. */
const LOOKED_THROUGH_BYTES = 32 * 1024 ** 2;
/** Of which a database consists on the disk. */
const PARTS = ['', '-wal', '-shm'] as const;

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
  /**
   * Whether what was in it is taken from elsewhere when it is opened: then one that is not too large is looked through at
   * that time, and damage that shows later is an error, since an empty file in the middle of a command would lie.
   */
  readonly restoredAtOpening?: boolean;
}

export interface DatabaseContext {
  readonly log: Log;
  readonly clock: Clock;
}

/** The file is not one of ours, or of a form that cannot be read: it is set aside. */
class ForeignDatabase extends Error {}

/** A connection, and the share of the file's lock without which nobody has one. */
interface OpenFile {
  readonly connection: DatabaseSync;
  readonly share: DatabaseSync;
}

/**
 * An SQLite file that several processes may use at once. One that is damaged, or is not ours, is set aside as
 * `<file>.corrupt-<UTC time>` with a warning, and an empty one takes its place: at once, whenever it is noticed, but
 * never while another process has it open, which would go on to save into a file that nobody reads.
 *
 * Who has it open holds a share of `<file>.repair.lock`; who sets it aside has that lock alone.
 */
export class EmbeddedDatabase implements Disposable {
  readonly #file: string;
  readonly #format: DatabaseFormat;
  readonly #context: DatabaseContext;
  #open: OpenFile | undefined;
  #inode: number | undefined;
  #repairWaitMs: number;
  #isClosed = false;

  /** @throws ScannerError `directory_unusable`, `disk_full`, `directory_busy`, `store_corrupt` or `store_too_new` */
  constructor(file: string, format: DatabaseFormat, context: DatabaseContext) {
    this.#file = file;
    this.#format = format;
    this.#context = context;
    this.#repairWaitMs = Math.min(LONGEST_REPAIR_WAIT_MS, format.busyTimeoutMs);
    try {
      this.#open = this.#openOrSetAside();
    } catch (error) {
      throw storageError(this.#file, error);
    }
  }

  /**
   * Runs `work`; when the file turns out to be damaged, once more on an empty one.
   * @throws ScannerError as the constructor
   */
  use<T>(work: (connection: DatabaseSync) => T): T {
    if (this.#isClosed) throw new Error(`${this.#file} is used after it was closed`);
    try {
      return this.#repairing(work);
    } catch (error) {
      throw storageError(this.#file, error);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#leave();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #repairing<T>(work: (connection: DatabaseSync) => T): T {
    try {
      return work(this.#connection());
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      this.#leave();
      this.#setAside(error);
      if (this.#format.restoredAtOpening === true) throw this.#restoredLater(error);
      return work(this.#connection());
    }
  }

  #connection(): DatabaseSync {
    this.#open ??= this.#openOrSetAside();
    return this.#open.connection;
  }

  /** The connection first: as long as it is open, the share says so. */
  #leave(): void {
    if (this.#open === undefined) return;
    close(this.#open);
    this.#open = undefined;
  }

  #openOrSetAside(): OpenFile {
    try {
      return this.#openWhenFree();
    } catch (error) {
      if (!isCorrupt(error) && !(error instanceof ForeignDatabase)) throw error;
      this.#setAside(error);
      return this.#openWhenFree();
    }
  }

  /** While others make a new file ready SQLite refuses some steps at once in place of waiting. */
  #openWhenFree(): OpenFile {
    const end = performance.now() + this.#format.busyTimeoutMs;
    for (;;) {
      try {
        return this.#openNow();
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_AGAIN_MS);
      }
    }
  }

  #openNow(): OpenFile {
    const share = shareFile(this.#lock, this.#format.busyTimeoutMs);
    if (share === undefined) throw this.#inUse('it is being repaired');
    try {
      return { connection: this.#connect(), share };
    } catch (error) {
      share.close();
      throw error;
    }
  }

  #connect(): DatabaseSync {
    makePrivateFile(this.#file);
    this.#inode = inodeOf(this.#file);
    const connection = new DatabaseSync(this.#file, { timeout: this.#format.busyTimeoutMs });
    try {
      const version = reading(connection, () => this.#version(connection));
      if (this.#format.restoredAtOpening === true) this.#lookThrough(connection);
      connection.exec('PRAGMA journal_mode=WAL');
      connection.exec(`PRAGMA synchronous=${this.#format.synchronous}`);
      if (this.#format.checkpointPages !== undefined)
        connection.exec(`PRAGMA wal_autocheckpoint=${this.#format.checkpointPages}`);
      if (version < this.#format.migrations.length) transaction(connection, () => this.#migrate(connection));
      for (const part of PARTS) closeToOthers(this.#file + part);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  #lookThrough(connection: DatabaseSync): void {
    if (statSync(this.#file).size > LOOKED_THROUGH_BYTES) return;
    const found = connection.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (found !== 'ok') throw new ForeignDatabase(String(found));
  }

  /** Another process may have been quicker: what counts is the version seen under the lock. */
  #migrate(connection: DatabaseSync): void {
    const { migrations, applicationId, expendable } = this.#format;
    const version = this.#version(connection);
    if (version > 0 && version < migrations.length && !expendable) copyBefore(this.#file, migrations.length);
    for (const step of migrations.slice(version)) connection.exec(step);
    connection.exec(`PRAGMA application_id=${applicationId}; PRAGMA user_version=${migrations.length}`);
  }

  /** How many migrations the file has seen; 0 for a file of nothing. To be asked within one transaction. */
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
        hint: `use that newer version, or name another directory${wayBack(this.#file, version)}`,
      },
    );
  }

  /** Only the very file that was found damaged: meanwhile another process may have put a sound one in its place. */
  #setAside(why: unknown): void {
    using alone = lockFile(this.#lock, this.#repairWaitMs);
    if (this.#inode === undefined || inodeOf(this.#file) !== this.#inode) return;
    const reason = why instanceof Error ? why.message : String(why);
    if (alone === undefined) {
      this.#repairWaitMs = 0;
      throw this.#inUse(reason);
    }
    const aside = this.#unusedName();
    for (const part of PARTS.toReversed()) {
      if (existsSync(this.#file + part)) renameSync(this.#file + part, aside + part);
    }
    this.#context.log.warn(`the ${this.#format.name} could not be read: it is moved aside and a new one is started`, {
      code: 'store_corrupt',
      file: this.#file,
      aside,
      reason,
    });
  }

  #unusedName(): string {
    const aside = `${this.#file}.corrupt-${this.#context.clock.now().toISOString().replaceAll(/[-:]/g, '')}`;
    let name = aside;
    for (let count = 2; PARTS.some((part) => existsSync(name + part)); count += 1) name = `${aside}-${count}`;
    return name;
  }

  #restoredLater(cause: unknown): ScannerError {
    return new ScannerError(`${this.#file} was damaged and is set aside`, {
      code: 'store_corrupt',
      hint: 'run it again: what can be had from elsewhere is taken over then',
      cause,
    });
  }

  #inUse(reason: string): ScannerError {
    return new ScannerError(`${this.#file} could not be read (${reason}), and another process has it open`, {
      code: 'directory_busy',
      hint: 'end the other process, then run it again: it is repaired then',
    });
  }

  get #lock(): string {
    return this.#file === IN_MEMORY ? IN_MEMORY : `${this.#file}.repair.lock`;
  }
}

/** One moment of the file, whatever others write meanwhile. */
const reading = <T>(connection: DatabaseSync, work: () => T): T => {
  connection.exec('BEGIN');
  try {
    return work();
  } finally {
    if (connection.isTransaction) connection.exec('COMMIT');
  }
};

const close = ({ connection, share }: OpenFile): void => {
  if (connection.isOpen) connection.close();
  if (share.isOpen) share.close();
};

const pragma = (connection: DatabaseSync, name: 'user_version' | 'application_id'): number =>
  Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);

const isEmpty = (connection: DatabaseSync): boolean =>
  connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;

const inodeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
