import type { DatabaseSync } from 'node:sqlite';

import {
  type Clock,
  type Log,
  RememberedFailure,
  type ScrapedTool,
  ScannerError,
  type TagDetails,
  type Tool,
  type ToolFilter,
  ToolScan,
  type ToolStore,
} from '@scanner/core';

import type { OpenDatabase } from '../read-only-database.ts';
import { isSameScan, judged, mergeScraped, mergeWritten, securityOf, withUnknownFields } from './merge-tool.ts';
import {
  dropExpiredFailures,
  dropFailure,
  dropScan,
  readFailure,
  readScan,
  writeFailure,
  writeScan,
} from './scan-table.ts';
import { parseRow, readPage, readRow, readTags, writeSecurity, writeTags, writeTool } from './tool-table.ts';
import { transaction } from '../transaction.ts';
import { countChange } from './view-state.ts';

export interface ToolStoreParts {
  readonly log: Log;
  readonly clock: Clock;
  /** Called after each change of what `tools.json` shows. */
  readonly onChange: () => void;
}

/** The catalogue in a database that is already open. */
export class SqliteToolStore implements ToolStore {
  readonly #database: Pick<OpenDatabase, 'use'>;
  readonly #parts: ToolStoreParts;

  constructor(database: Pick<OpenDatabase, 'use'>, parts: ToolStoreParts) {
    this.#database = database;
    this.#parts = parts;
  }

  *tools(filter: ToolFilter = {}): Generator<Tool, void, undefined> {
    let after = '';
    for (;;) {
      const page = this.#database.use((connection) => readPage(connection, after, filter));
      for (const row of page) {
        const tool = parseRow(row, this.#parts.log);
        if (tool !== undefined) yield tool;
      }
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  }

  find(id: string): Tool | undefined {
    return this.#database.use((connection) => this.#find(connection, id));
  }

  tagsOf(id: string): readonly TagDetails[] {
    return this.#database.use((connection) => readTags(connection, id));
  }

  saveScraped(tools: readonly ScrapedTool[]): void {
    this.#change((connection) => {
      const changed = tools.map((scraped) => {
        const { tool, tags, tagsKnown } = scraped;
        const written = writeTool(connection, mergeScraped(this.#find(connection, tool.id), scraped));
        if (tagsKnown) writeTags(connection, tool.id, tags);
        return written;
      });
      return changed.includes(true);
    });
  }

  saveScan(id: string, scan: ToolScan): void {
    this.#change((connection) => {
      const tool = this.#find(connection, id);
      if (tool === undefined) throw notInCatalogue(id);
      writeSecurity(connection, id, withUnknownFields(securityOf(scan), tool.security));
      writeScan(connection, id, scan);
      dropFailure(connection, id);
      return true;
    });
  }

  scanOf(id: string): ToolScan | undefined {
    return this.#database.use((connection) => {
      const security = this.#find(connection, id)?.security;
      return security && this.#readScan(connection, id, security);
    });
  }

  failureOf(id: string): RememberedFailure | undefined {
    return this.#database.use((connection) => this.#readFailure(connection, id));
  }

  rememberFailure(id: string, failure: RememberedFailure): void {
    this.#write((connection) => {
      dropExpiredFailures(connection, this.#now());
      writeFailure(connection, id, failure);
    });
  }

  forgetFailure(id: string): void {
    this.#write((connection) => dropFailure(connection, id));
  }

  /**
   * Adds or updates whole tools; others stay. Of two scans of a tool the newer is kept, and fields that a given tool
   * does not have stay as they are.
   */
  saveTools(tools: readonly Readonly<Record<string, unknown>>[]): void {
    this.#change((connection) => tools.map((tool) => this.#merge(connection, tool)).includes(true));
  }

  /** Makes these the whole catalogue. What is known of a tool that is gone goes with it. */
  replaceTools(tools: readonly Tool[]): void {
    this.#change((connection) => {
      keepOnly(
        connection,
        tools.map(({ id }) => id),
      );
      for (const tool of tools) {
        const known = this.#find(connection, tool.id);
        if (known !== undefined && !isSameScan(known.security, tool.security)) dropScan(connection, tool.id);
        writeTool(connection, { ...tool, security: judged(tool.security) });
      }
      return true;
    });
  }

  #find(connection: DatabaseSync, id: string): Tool | undefined {
    const row = readRow(connection, id);
    return row && parseRow(row, this.#parts.log);
  }

  #merge(connection: DatabaseSync, fields: Readonly<Record<string, unknown>>): boolean {
    const known = this.#find(connection, String(fields['id']));
    const tool = mergeWritten(known, fields);
    if (known !== undefined && !isSameScan(known.security, tool.security)) dropScan(connection, tool.id);
    return writeTool(connection, tool);
  }

  #readScan(connection: DatabaseSync, id: string, security: ToolScan['security']): ToolScan | undefined {
    try {
      const scan = readScan(connection, id);
      return scan === undefined ? undefined : ToolScan.parse({ ...scan, security });
    } catch (error) {
      this.#parts.log.warn('the findings of a tool could not be read: they are left out', {
        id,
        reason: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }

  #readFailure(connection: DatabaseSync, id: string): RememberedFailure | undefined {
    const text = readFailure(connection, id, this.#now());
    if (text === undefined) return undefined;
    try {
      return RememberedFailure.parse(JSON.parse(text));
    } catch (error) {
      this.#parts.log.warn('why the last scan of a tool failed could not be read: it is scanned again', {
        id,
        reason: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  }

  /** One transaction; `work` says whether it changed what `tools.json` shows. */
  #change(work: (connection: DatabaseSync) => boolean): void {
    const changed = this.#write((connection) => {
      const result = work(connection);
      if (result) countChange(connection);
      return result;
    });
    if (changed) this.#parts.onChange();
  }

  #write<T>(work: (connection: DatabaseSync) => T): T {
    return this.#database.use((connection) => transaction(connection, () => work(connection)));
  }

  #now(): number {
    return this.#parts.clock.now().getTime();
  }
}

const keepOnly = (connection: DatabaseSync, ids: readonly string[]): void => {
  for (const table of ['tool', 'scan', 'failure'])
    connection
      .prepare(`DELETE FROM ${table} WHERE id NOT IN (SELECT value FROM json_each(?))`)
      .run(JSON.stringify(ids));
};

const notInCatalogue = (id: string): ScannerError =>
  new ScannerError(`the catalogue has no tool ${JSON.stringify(id)}`, {
    code: 'internal',
    hint: 'scrape its namespace first',
  });
