import type { BlobCache, Clock, Log } from '@scanner/core';
import { silentLog, systemClock } from '@scanner/core';

import { compress, decompress } from './compression.ts';
import { type DatabaseFormat, EmbeddedDatabase } from './embedded-database.ts';
import { prepared } from './prepared.ts';

export const CACHE_FORMAT: DatabaseFormat = {
  name: 'scan cache',
  applicationId: 0x67_74_73_63,
  migrations: [
    `CREATE TABLE blob (key TEXT PRIMARY KEY, value BLOB NOT NULL, last_used INTEGER NOT NULL, size INTEGER NOT NULL);
     CREATE INDEX blob_by_use ON blob (last_used, key, size)`,
  ],
  synchronous: 'NORMAL',
  busyTimeoutMs: 1000,
  expendable: true,
};

const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;
/** A use is noted when the last note of one is older than this, so that reading seldom writes. */
const USE_NOTED_EVERY_MS = 3_600_000;
/** Room is made each time this share of the limit has been written, down to the limit less that share. */
const SLACK = 1 / 16;
const MAX_BLOB_BYTES = 256 * 1024 ** 2;

export interface BlobCacheOptions {
  /** Of compressed values; beyond it the longest unused go. @default 2 GiB */
  readonly maxBytes?: number;
  /** Blobs unused for longer go when the cache is opened. @default 60 */
  readonly maxAgeDays?: number;
  readonly log?: Log;
  readonly clock?: Clock;
}

export type OpenBlobCache = BlobCache & Disposable & { close(): void };

/**
 * Opens the scan cache in `file`, which several processes may use at once. Nothing that goes wrong later is thrown:
 * a value that cannot be written is dropped, one that cannot be read is not there, and one warning says why.
 *
 * @throws ScannerError `directory_unusable`, `disk_full` or `directory_busy` when it cannot even be opened
 * @example
 * using cache = openBlobCache('/cache/scan-cache.db', { maxBytes: 1024 ** 3 });
 */
export const openBlobCache = (file: string, options: BlobCacheOptions = {}): OpenBlobCache => {
  const { log = silentLog, clock = systemClock } = options;
  return new SqliteBlobCache(new EmbeddedDatabase(file, CACHE_FORMAT, { log, clock }), { ...options, log, clock });
};

/** The cache over a database that is already open. */
export class SqliteBlobCache implements OpenBlobCache {
  readonly #database: EmbeddedDatabase;
  readonly #maxBytes: number;
  readonly #log: Log;
  readonly #clock: Clock;
  #writtenSinceRoomWasMade = 0;
  #warned = false;

  constructor(
    database: EmbeddedDatabase,
    { maxBytes = 2 * GIB, maxAgeDays = 60, log = silentLog, clock = systemClock }: BlobCacheOptions = {},
  ) {
    this.#database = database;
    this.#maxBytes = maxBytes;
    this.#log = log;
    this.#clock = clock;
    this.#orLose(() => {
      this.#dropUnusedSince(this.#now() - maxAgeDays * DAY_MS);
      this.#makeRoom();
    });
  }

  get(key: string): Buffer | undefined {
    const found = this.#orLose(() => this.#read(key));
    if (found === undefined) return undefined;
    if (this.#now() - found.lastUsed > USE_NOTED_EVERY_MS) this.#orLose(() => this.#noteUse(key));
    return found.value;
  }

  has(key: string): boolean {
    return this.#orLose(() => this.#holds(key)) ?? false;
  }

  set(key: string, value: Buffer): boolean {
    if (value.length > MAX_BLOB_BYTES) return false;
    const compressed = compress(value);
    if (compressed.length > this.#maxBytes * SLACK) return false;
    const kept = this.#orLose(() => {
      this.#write(key, compressed);
      return true;
    });
    this.#writtenSinceRoomWasMade += compressed.length;
    if (this.#writtenSinceRoomWasMade > this.#maxBytes * SLACK) this.#orLose(() => this.#makeRoom());
    return kept ?? false;
  }

  delete(keys: readonly string[]): number {
    return this.#orLose(() => keys.reduce((gone, key) => gone + this.#remove(key), 0)) ?? 0;
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #read(key: string): { value: Buffer; lastUsed: number } | undefined {
    const row = this.#database.use((connection) =>
      prepared(connection, 'SELECT value, last_used FROM blob WHERE key = ?').get(key),
    );
    if (!(row?.['value'] instanceof Uint8Array)) return undefined;
    return { value: decompress(row['value'], MAX_BLOB_BYTES), lastUsed: Number(row['last_used']) };
  }

  #holds(key: string): boolean {
    return this.#database.use(
      (connection) => prepared(connection, 'SELECT 1 FROM blob WHERE key = ?').get(key) !== undefined,
    );
  }

  #write(key: string, value: Buffer): void {
    this.#database.use((connection) =>
      prepared(connection, 'INSERT OR REPLACE INTO blob (key, value, last_used, size) VALUES (?, ?, ?, ?)').run(
        key,
        value,
        this.#now(),
        value.length,
      ),
    );
  }

  #noteUse(key: string): void {
    this.#database.use((connection) =>
      prepared(connection, 'UPDATE blob SET last_used = ? WHERE key = ?').run(this.#now(), key),
    );
  }

  #remove(key: string): number {
    return this.#database.use((connection) =>
      Number(prepared(connection, 'DELETE FROM blob WHERE key = ?').run(key).changes),
    );
  }

  #dropUnusedSince(moment: number): void {
    this.#database.use((connection) => connection.prepare('DELETE FROM blob WHERE last_used < ?').run(moment));
  }

  /** Other processes write too, so what counts is what is there, not what this one wrote. */
  #makeRoom(): void {
    this.#writtenSinceRoomWasMade = 0;
    this.#database.use((connection) => {
      const total = Number(connection.prepare('SELECT total(size) AS total FROM blob').get()?.['total']);
      if (total <= this.#maxBytes) return;
      connection.prepare(DELETE_LONGEST_UNUSED).run(this.#maxBytes * (1 - SLACK));
    });
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  #orLose<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!this.#warned) {
        this.#log.warn('the scan cache loses what it cannot keep: layers will be analysed again', {
          reason: error instanceof Error ? error.message : String(error),
        });
      }
      this.#warned = true;
      return undefined;
    }
  }
}

const DELETE_LONGEST_UNUSED = `
  DELETE FROM blob WHERE key IN (
    SELECT key FROM (SELECT key, sum(size) OVER (ORDER BY last_used DESC, key) AS kept FROM blob) WHERE kept > ?
  )`;
