import type { DatabaseFormat } from '../embedded-database.ts';

/**
 * A tool's security lies beside its other fields, so that a scan writes little. `view` says what `tools.json` shows:
 * `revision` counts the changes of tools, `published` is the one that the file holds. It is published anew while they
 * differ, by this process or the next. `current` and `next` are the files that we wrote ourselves. Who publishes also
 * tidies up what was saved since, so that no save has to.
 */
export const CATALOGUE_FORMAT: DatabaseFormat = {
  name: 'catalogue',
  applicationId: 0x67_74_73_74,
  migrations: [
    `CREATE TABLE tool (
       id TEXT NOT NULL PRIMARY KEY,
       namespace TEXT NOT NULL,
       fields TEXT NOT NULL,
       security TEXT NOT NULL,
       tags TEXT NOT NULL
     );
     CREATE INDEX tool_by_namespace ON tool (namespace, id);
     CREATE TABLE scan (id TEXT NOT NULL PRIMARY KEY, scan BLOB NOT NULL);
     CREATE TABLE failure (id TEXT NOT NULL PRIMARY KEY, failure TEXT NOT NULL, until INTEGER NOT NULL);
     CREATE TABLE view (
       only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
       revision INTEGER NOT NULL,
       published INTEGER NOT NULL,
       current TEXT,
       next TEXT,
       extra TEXT NOT NULL
     );
     INSERT INTO view VALUES (1, 0, 0, NULL, NULL, '{}')`,
  ],
  synchronous: 'FULL',
  busyTimeoutMs: 30_000,
  checkpointPages: 10_000,
  expendable: false,
  restoredAtOpening: true,
};
