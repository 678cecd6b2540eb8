import type { DatabaseSync } from 'node:sqlite';

import { Coverage, type LastScan } from '@scanner/core';

/** The second form of the result store: which result is the last one of each reference. */
export const LAST_SCAN_TABLE = `CREATE TABLE last_scan (
   reference TEXT NOT NULL PRIMARY KEY,
   content TEXT NOT NULL,
   options TEXT NOT NULL,
   trivy_version TEXT NOT NULL,
   database_generation TEXT NOT NULL,
   image_id TEXT NOT NULL,
   coverage TEXT NOT NULL,
   database_stale INTEGER NOT NULL,
   scanned_at TEXT NOT NULL,
   noted INTEGER NOT NULL
 ) WITHOUT ROWID`;

/** All references in one transaction: they stand for one image. */
export const noteLastScan = (
  connection: DatabaseSync,
  references: readonly string[],
  { key, imageId, coverage, databaseStale, scannedAt }: LastScan,
  now: number,
): void => {
  const values = JSON.stringify(references);
  connection
    .prepare(
      `INSERT OR REPLACE INTO last_scan
       SELECT DISTINCT value, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM json_each(?)`,
    )
    .run(
      key.content,
      key.options,
      key.trivyVersion,
      key.databaseGeneration,
      imageId,
      coverage,
      databaseStale ? 1 : 0,
      scannedAt,
      now,
      values,
    );
};

export const readLastScan = (connection: DatabaseSync, reference: string): LastScan | undefined => {
  const row = connection.prepare('SELECT * FROM last_scan WHERE reference = ?').get(reference);
  const coverage = Coverage.safeParse(row?.['coverage']);
  if (row === undefined || !coverage.success) return undefined;
  return {
    key: {
      content: String(row['content']),
      options: String(row['options']),
      trivyVersion: String(row['trivy_version']),
      databaseGeneration: String(row['database_generation']),
    },
    imageId: String(row['image_id']),
    coverage: coverage.data,
    databaseStale: row['database_stale'] === 1,
    scannedAt: String(row['scanned_at']),
  };
};

export const scannedReferences = (connection: DatabaseSync): string[] =>
  connection
    .prepare('SELECT reference FROM last_scan ORDER BY reference')
    .all()
    .map((row) => String(row['reference']));

export const dropLastScansBefore = (connection: DatabaseSync, moment: number): void => {
  connection.prepare('DELETE FROM last_scan WHERE noted < ?').run(moment);
};
