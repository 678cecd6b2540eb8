import {
  type Clock,
  CompleteScan,
  type LastScan,
  type Log,
  type ResultKey,
  type ResultStore,
  ScannerError,
  silentLog,
  type StoredResult,
  systemClock,
} from '@scanner/core';

import { compress, decompress } from './compression.ts';
import { type DatabaseFormat, EmbeddedDatabase } from './embedded-database.ts';
import { type OpenDatabase, ReadOnlyDatabase } from './read-only-database.ts';
import { cannotBeWritten } from './storage-error.ts';
import {
  dropLastScansBefore,
  LAST_SCAN_TABLE,
  noteLastScan,
  readLastScan,
  scannedReferences,
} from './last-scan-table.ts';

/**
 * One result for each content and way of scanning it: the one of the database generation that came last, since older
 * generations do not come back.
 */
export const RESULT_FORMAT: DatabaseFormat = {
  name: 'result store',
  applicationId: 0x67_74_73_72,
  migrations: [
    `CREATE TABLE result (
       content TEXT NOT NULL,
       options TEXT NOT NULL,
       trivy_version TEXT NOT NULL,
       database_generation TEXT NOT NULL,
       scan BLOB NOT NULL,
       log TEXT,
       last_used INTEGER NOT NULL,
       PRIMARY KEY (content, options, trivy_version)
     );
     CREATE INDEX result_by_use ON result (last_used)`,
    LAST_SCAN_TABLE,
  ],
  synchronous: 'FULL',
  busyTimeoutMs: 5000,
  expendable: false,
};

const DAY_MS = 86_400_000;
const KEPT_DAYS = 90;
/** A use is noted when the last note of one is older than this, so that finding seldom writes. */
const USE_NOTED_EVERY_MS = 7 * DAY_MS;
const MAX_SCAN_BYTES = 256 * 1024 ** 2;

export interface ResultStoreOptions {
  readonly log?: Log;
  readonly clock?: Clock;
}

export type OpenResultStore = ResultStore & Disposable & { close(): void };

/**
 * Opens the store of finished scans in `file`, which several processes may use at once. What `save` returned from is
 * on the disk. Results unused for 90 days are removed at opening. A damaged file is set aside with a `store_corrupt`
 * warning and an empty one takes its place, since everything in it can be scanned again; one result that cannot be read
 * counts as not found.
 *
 * @throws ScannerError `store_too_new`, `directory_unusable`, `directory_busy`, `disk_full` or `store_corrupt`
 * @example
 * using results = openResultStore('/state/results.db', { log });
 * results.save(key, { scan, log: 'scan-….log' });
 */
export const openResultStore = (
  file: string,
  { log = silentLog, clock = systemClock }: ResultStoreOptions = {},
): OpenResultStore => new SqliteResultStore(new EmbeddedDatabase(file, RESULT_FORMAT, { log, clock }), { log, clock });

/**
 * The same for who only reads: where nothing can be written, on a read-only or full file system or as another user, the
 * results are those that lie there.
 *
 * @throws ScannerError as {@link openResultStore}
 */
export const openResultStoreToRead = (file: string, options: ResultStoreOptions = {}): OpenResultStore => {
  try {
    return openResultStore(file, options);
  } catch (error) {
    if (!ScannerError.is(error) || !cannotBeWritten(file, error)) throw error;
    options.log?.debug('the results are read as they lie there', { file, reason: error.message });
    return new SqliteResultStore(new ReadOnlyDatabase(file, RESULT_FORMAT), options);
  }
};

/** The store over a database that is already open. */
export class SqliteResultStore implements OpenResultStore {
  readonly #database: OpenDatabase;
  readonly #log: Log;
  readonly #clock: Clock;

  constructor(database: OpenDatabase, { log = silentLog, clock = systemClock }: ResultStoreOptions = {}) {
    this.#database = database;
    this.#log = log;
    this.#clock = clock;
    this.#ifPossible(() => this.#dropUnusedSince(this.#now() - KEPT_DAYS * DAY_MS));
  }

  find(key: ResultKey): StoredResult | undefined {
    const row = this.#read(key);
    if (row === undefined) return undefined;
    const scan = this.#parse(key, row['scan']);
    if (scan === undefined) return undefined;
    if (this.#now() - Number(row['last_used']) > USE_NOTED_EVERY_MS) this.#ifPossible(() => this.#noteUse(key));
    return { scan, log: typeof row['log'] === 'string' ? row['log'] : null };
  }

  save(key: ResultKey, { scan, log }: StoredResult): void {
    const value = compress(Buffer.from(JSON.stringify(scan)));
    this.#database.use((connection) =>
      connection
        .prepare(
          `INSERT OR REPLACE INTO result (content, options, trivy_version, database_generation, scan, log, last_used)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(key.content, key.options, key.trivyVersion, key.databaseGeneration, value, log, this.#now()),
    );
  }

  remember(references: readonly string[], last: LastScan): void {
    this.#database.use((connection) => noteLastScan(connection, references, last, this.#now()));
  }

  lastOf(reference: string): LastScan | undefined {
    return this.#database.use((connection) => readLastScan(connection, reference));
  }

  references(): readonly string[] {
    return this.#database.use(scannedReferences);
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #read({ content, options, trivyVersion, databaseGeneration }: ResultKey): Record<string, unknown> | undefined {
    return this.#database.use((connection) =>
      connection
        .prepare(
          `SELECT scan, log, last_used FROM result
           WHERE content = ? AND options = ? AND trivy_version = ? AND database_generation = ?`,
        )
        .get(content, options, trivyVersion, databaseGeneration),
    );
  }

  #parse(key: ResultKey, value: unknown): CompleteScan | undefined {
    try {
      if (!(value instanceof Uint8Array)) throw new TypeError('not a compressed value');
      return CompleteScan.parse(JSON.parse(decompress(value, MAX_SCAN_BYTES).toString('utf8')));
    } catch (error) {
      this.#log.warn('a stored result could not be read: the image is scanned again', {
        content: key.content,
        reason: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }

  #noteUse({ content, options, trivyVersion }: ResultKey): void {
    this.#database.use((connection) =>
      connection
        .prepare('UPDATE result SET last_used = ? WHERE content = ? AND options = ? AND trivy_version = ?')
        .run(this.#now(), content, options, trivyVersion),
    );
  }

  #dropUnusedSince(moment: number): void {
    this.#database.use((connection) => {
      connection.prepare('DELETE FROM result WHERE last_used < ?').run(moment);
      dropLastScansBefore(connection, moment);
    });
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  /** Housekeeping must not keep results from being read. */
  #ifPossible(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#log.debug('the result store could not be tidied', {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
