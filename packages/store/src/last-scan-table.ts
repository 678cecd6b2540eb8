import type { DatabaseSync } from 'node:sqlite';

import { Coverage, type LastScan } from '@scanner/core';

import { prepared } from './prepared.ts';

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

/** A note is made again when it is older than this, so that a pass over an unchanged host writes nothing. */
const NOTED_EVERY_MS = 7 * 86_400_000;

/** All references in one transaction: they stand for one image. What is on record already is not written again. */
export const noteLastScan = (
  connection: DatabaseSync,
  references: readonly string[],
  { key, imageId, coverage, databaseStale, scannedAt }: LastScan,
  now: number,
): void => {
  prepared(
    connection,
    `INSERT OR REPLACE INTO last_scan
     SELECT DISTINCT value, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM json_each(?10)
     WHERE NOT EXISTS (
       SELECT 1 FROM last_scan
       WHERE reference = value AND noted > ?11
         AND (content, options, trivy_version, database_generation) = (?1, ?2, ?3, ?4)
         AND (image_id, coverage, database_stale, scanned_at) = (?5, ?6, ?7, ?8)
     )`,
  ).run(
    key.content,
    key.options,
    key.trivyVersion,
    key.databaseGeneration,
    imageId,
    coverage,
    databaseStale ? 1 : 0,
    scannedAt,
    now,
    JSON.stringify(references),
    now - NOTED_EVERY_MS,
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
