import type { DatabaseSync, StatementSync } from 'node:sqlite';

const PREPARED = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The statement, prepared once for each connection: for a look-up that takes longer than running it. */
export const prepared = (connection: DatabaseSync, sql: string): StatementSync => {
  const statements = PREPARED.get(connection) ?? new Map<string, StatementSync>();
  PREPARED.set(connection, statements);
  const statement = statements.get(sql) ?? connection.prepare(sql);
  statements.set(sql, statement);
  return statement;
};
