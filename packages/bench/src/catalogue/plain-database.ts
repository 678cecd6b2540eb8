import { DatabaseSync } from 'node:sqlite';

import type { ToolScan } from '@scanner/core';

/** What everybody writes first: one table, one insert a scan, on the disk when it returns. */
export class PlainDatabase implements Disposable {
  readonly #connection: DatabaseSync;

  constructor(file: string) {
    this.#connection = new DatabaseSync(file);
    this.#connection.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
      CREATE TABLE IF NOT EXISTS scan (id TEXT NOT NULL PRIMARY KEY, scan TEXT NOT NULL)`);
  }

  insert(id: string, scan: ToolScan): void {
    const statement = this.#connection.prepare('INSERT OR REPLACE INTO scan (id, scan) VALUES (?, ?)');
    statement.run(id, JSON.stringify(scan));
  }

  read(id: string): unknown {
    const row = this.#connection.prepare('SELECT scan FROM scan WHERE id = ?').get(id);
    return JSON.parse(String(row?.['scan']));
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}
