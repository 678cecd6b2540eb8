import type { DatabaseSync } from 'node:sqlite';

import { type Log, TagDetails, Tool, type ToolFilter } from '@scanner/core';

import { prepared } from '../prepared.ts';
import { judged } from './merge-tool.ts';

const PAGE_ROWS = 500;
const PAGE_CHARACTERS = 1024 ** 2;

/** A tool as it lies in the database: `fields` and `security` are JSON objects. */
export interface ToolRow {
  readonly id: string;
  readonly fields: string;
  readonly security: string;
}

/** Up to so many tools, in the order of their IDs, that memory does not notice; none after the last. */
export const readPage = (connection: DatabaseSync, after: string, filter: ToolFilter = {}): ToolRow[] => {
  const { condition, values } = conditionOf(filter);
  const rows = prepared(
    connection,
    `SELECT id, fields, security FROM tool WHERE id > ? ${condition} ORDER BY id LIMIT ${PAGE_ROWS}`,
  ).iterate(after, ...values);
  const page: ToolRow[] = [];
  let characters = 0;
  for (const row of rows) {
    const tool = { id: String(row['id']), fields: String(row['fields']), security: String(row['security']) };
    page.push(tool);
    characters += tool.fields.length + tool.security.length;
    if (characters > PAGE_CHARACTERS) break;
  }
  return page;
};

const conditionOf = ({ ids, namespaces }: ToolFilter): { condition: string; values: string[] } => {
  const parts = [...among('id', ids), ...among('namespace', namespaces)];
  return { condition: parts.map(({ sql }) => sql).join(' '), values: parts.map(({ names }) => JSON.stringify(names)) };
};

const among = (column: 'id' | 'namespace', names: readonly string[] | undefined) =>
  names === undefined ? [] : [{ sql: `AND ${column} IN (SELECT value FROM json_each(?))`, names }];

export const readRow = (connection: DatabaseSync, id: string): ToolRow | undefined => {
  const row = prepared(connection, 'SELECT fields, security FROM tool WHERE id = ?').get(id);
  return row && { id, fields: String(row['fields']), security: String(row['security']) };
};

/** The tool of a row; `undefined`, with a warning, where nobody could read it. */
export const parseRow = (row: ToolRow, log: Log): Tool | undefined => {
  try {
    const tool = { ...JSON.parse(row.fields), security: JSON.parse(row.security) };
    return hasEveryField(tool) ? tool : completed(Tool.parse(tool));
  } catch (error) {
    log.warn('a tool in the catalogue could not be read: it is left out', {
      id: row.id,
      reason: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
};

/** A row of an earlier version, until it is written anew. */
const completed = (tool: Tool): Tool => ({ ...tool, security: judged(tool.security) });

const FIELDS = Object.keys(Tool.shape);

/** Rows are written from checked tools: checking 100,000 of them again takes longer than all the rest of reading them. */
const hasEveryField = (tool: object & { readonly security: unknown }): tool is Tool =>
  FIELDS.every((field) => Object.hasOwn(tool, field)) &&
  typeof tool.security === 'object' &&
  tool.security !== null &&
  Object.hasOwn(tool.security, 'coverage');

/** @returns whether anything changed that `tools.json` shows */
export const writeTool = (connection: DatabaseSync, tool: Tool): boolean => {
  const { security, ...fields } = tool;
  const { changes } = prepared(
    connection,
    `INSERT INTO tool (id, namespace, fields, security, tags) VALUES (?, ?, ?, ?, '[]')
       ON CONFLICT (id) DO UPDATE
       SET namespace = excluded.namespace, fields = excluded.fields, security = excluded.security
       WHERE fields <> excluded.fields OR security <> excluded.security`,
  ).run(tool.id, tool.namespace, JSON.stringify(fields), JSON.stringify(security));
  return changes > 0;
};

export const writeSecurity = (connection: DatabaseSync, id: string, security: Tool['security']): void => {
  prepared(connection, 'UPDATE tool SET security = ? WHERE id = ?').run(JSON.stringify(security), id);
};

export const writeTags = (connection: DatabaseSync, id: string, tags: readonly TagDetails[]): void => {
  prepared(connection, 'UPDATE tool SET tags = ? WHERE id = ?').run(JSON.stringify(tags), id);
};

/** None where nobody could read them: they are known again after the next scrape. */
export const readTags = (connection: DatabaseSync, id: string): TagDetails[] => {
  const text = prepared(connection, 'SELECT tags FROM tool WHERE id = ?').get(id)?.['tags'];
  const tags = TagDetails.array().safeParse(parsedOrNull(String(text ?? '[]')));
  return tags.success ? tags.data : [];
};

const parsedOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

export const countTools = (connection: DatabaseSync): number =>
  Number(prepared(connection, 'SELECT count(*) AS count FROM tool').get()?.['count']);
