import type { DatabaseSync } from 'node:sqlite';

import { type Log, ToolScan, ToolSecurity } from '@scanner/core';

import type { EmbeddedDatabase } from '../embedded-database.ts';
import { transaction } from '../transaction.ts';
import { judged, securityOf } from './merge-tool.ts';
import { readScan } from './scan-table.ts';
import { writeSecurity } from './tool-table.ts';
import { countChange } from './view-state.ts';

/** Rows that an earlier version wrote, whose statuses say nothing of how much could be judged. Found without reading others. */
const UNSAID = `CASE WHEN json_valid(security) THEN json_type(security, '$.coverage') IS NULL ELSE 0 END`;
const INDEX = 'tool_without_coverage';
const BATCH = 500;

/**
 * Gives each tool without it the coverage that its kept scan had; where there is none it is unknown, and so is its status.
 * Where that cannot be written, a warning says so: until the next opening such tools count as unknown.
 */
export const fillCoverage = (database: EmbeddedDatabase, log: Log): void => {
  try {
    database.use((connection) => connection.exec(`CREATE INDEX IF NOT EXISTS ${INDEX} ON tool (id) WHERE ${UNSAID}`));
    while (database.use((connection) => fillBatch(connection, log)) === BATCH);
  } catch (error) {
    log.warn('how much of the tools of an earlier version could be judged is not written down yet', {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
};

/** @returns how many were filled */
const fillBatch = (connection: DatabaseSync, log: Log): number => {
  const rows = connection.prepare(`SELECT id, security FROM tool INDEXED BY ${INDEX} WHERE ${UNSAID} LIMIT ${BATCH}`);
  if (rows.get() === undefined) return 0;
  return transaction(connection, () => {
    const found = rows.all();
    for (const { id, security } of found) fill(connection, String(id), String(security), log);
    countChange(connection);
    return found.length;
  });
};

const fill = (connection: DatabaseSync, id: string, text: string, log: Log): void => {
  const read = ToolSecurity.safeParse(JSON.parse(text));
  const security = read.success ? read.data : ToolSecurity.parse({});
  const scan = security.trivy_scan_date === null ? undefined : keptScan(connection, id, security, log);
  writeSecurity(connection, id, scan === undefined ? judged(security) : securityOf(scan));
};

const keptScan = (connection: DatabaseSync, id: string, security: ToolSecurity, log: Log): ToolScan | undefined => {
  try {
    const scan = readScan(connection, id);
    return scan === undefined ? undefined : ToolScan.parse({ ...scan, security });
  } catch (error) {
    log.debug('the findings of a tool could not be read, so its coverage is not known', {
      id,
      reason: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
};
