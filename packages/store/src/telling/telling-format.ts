import type { DatabaseFormat } from '../embedded-database.ts';

/**
 * A file of its own, apart from the results: those may be lost and are scanned again, this may not. What people know of
 * a reference is split: `state` is small and changes with each pass; the findings are long, seldom change, and are the
 * same for all tags of an image, so they are kept once, by digest. `lost` without a reference stands for all of them.
 * A message's `number` is the order in which it was decided. A delivery that failed is named by the message `named_in`, as
 * what it was then.
 */
export const TELLING_FORMAT: DatabaseFormat = {
  name: 'record of what was told',
  applicationId: 0x67_74_73_6e,
  migrations: [
    `CREATE TABLE told_reference (
       reference TEXT NOT NULL PRIMARY KEY,
       state TEXT NOT NULL,
       findings TEXT NOT NULL
     );
     CREATE TABLE told_findings (digest TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL);
     CREATE TABLE told_pass (
       only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
       trouble TEXT
     );
     CREATE TABLE lost (reference TEXT NOT NULL PRIMARY KEY, since TEXT NOT NULL);
     CREATE TABLE message (
       number INTEGER PRIMARY KEY AUTOINCREMENT,
       id TEXT NOT NULL UNIQUE,
       created_at TEXT NOT NULL,
       body BLOB NOT NULL
     );
     CREATE TABLE delivery (
       message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
       channel TEXT NOT NULL,
       recipient TEXT NOT NULL,
       position INTEGER NOT NULL,
       status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'dead')),
       attempts INTEGER NOT NULL DEFAULT 0,
       next_at TEXT,
       last_error TEXT,
       ended_at TEXT,
       PRIMARY KEY (message, channel, recipient)
     );
     CREATE INDEX delivery_by_status ON delivery (status, message, position)`,
    'ALTER TABLE delivery ADD COLUMN held_since TEXT',
    `ALTER TABLE told_pass ADD COLUMN digest TEXT;
     ALTER TABLE told_pass ADD COLUMN host_name TEXT;
     ALTER TABLE delivery ADD COLUMN named_in INTEGER;
     ALTER TABLE delivery ADD COLUMN named_as TEXT`,
  ],
  synchronous: 'FULL',
  busyTimeoutMs: 5000,
  expendable: false,
};
