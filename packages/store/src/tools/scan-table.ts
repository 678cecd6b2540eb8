import type { DatabaseSync } from 'node:sqlite';

import type { RememberedFailure, ToolScan } from '@scanner/core';

import { compress, decompress } from '../compression.ts';
import { prepared } from '../prepared.ts';

const MAX_SCAN_BYTES = 256 * 1024 ** 2;

/** Of a scan, what the tool's own row does not hold. */
export const writeScan = (connection: DatabaseSync, id: string, scan: ToolScan): void => {
  prepared(connection, 'INSERT OR REPLACE INTO scan (id, scan) VALUES (?, ?)').run(
    id,
    compress(Buffer.from(JSON.stringify({ ...scan, security: undefined }))),
  );
};

/** @throws when the value is damaged */
export const readScan = (connection: DatabaseSync, id: string): object | undefined => {
  const value = prepared(connection, 'SELECT scan FROM scan WHERE id = ?').get(id)?.['scan'];
  if (!(value instanceof Uint8Array)) return undefined;
  const scan: object = JSON.parse(decompress(value, MAX_SCAN_BYTES).toString('utf8'));
  return scan;
};

export const dropScan = (connection: DatabaseSync, id: string): void => {
  prepared(connection, 'DELETE FROM scan WHERE id = ?').run(id);
};

export const writeFailure = (connection: DatabaseSync, id: string, failure: RememberedFailure): void => {
  prepared(connection, 'INSERT OR REPLACE INTO failure (id, failure, until) VALUES (?, ?, ?)').run(
    id,
    JSON.stringify(failure),
    Date.parse(failure.until),
  );
};

/** As JSON. */
export const readFailure = (connection: DatabaseSync, id: string, now: number): string | undefined => {
  const row = prepared(connection, 'SELECT failure FROM failure WHERE id = ? AND until > ?').get(id, now);
  return row && String(row['failure']);
};

export const dropFailure = (connection: DatabaseSync, id: string): void => {
  prepared(connection, 'DELETE FROM failure WHERE id = ?').run(id);
};

export const dropExpiredFailures = (connection: DatabaseSync, now: number): void => {
  prepared(connection, 'DELETE FROM failure WHERE until <= ?').run(now);
};
