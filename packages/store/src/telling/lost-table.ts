import type { DatabaseSync } from 'node:sqlite';

import type { LostKnowledge, ToldState } from '@scanner/core';

import { prepared } from '../prepared.ts';

const EVERYTHING = '';
const KEPT_MS = 30 * 86_400_000;

export const noteEverythingLost = (connection: DatabaseSync, at: Date): void => noteLost(connection, [EVERYTHING], at);

/** Each once, with the moment when it was noticed first. */
export const noteLost = (connection: DatabaseSync, references: readonly string[], at: Date): void => {
  const note = prepared(connection, 'INSERT OR IGNORE INTO lost (reference, since) VALUES (?, ?)');
  for (const reference of references) note.run(reference, at.toISOString());
};

export const readLost = (connection: DatabaseSync): LostKnowledge | null => {
  const rows = prepared(connection, 'SELECT reference, since FROM lost ORDER BY since, reference').all();
  const [first] = rows;
  if (first === undefined) return null;
  const references = new Set(rows.map(({ reference }) => String(reference)));
  return { since: String(first['since']), references: references.has(EVERYTHING) ? 'all' : references };
};

/** What is known again is not lost any more; nor is what nobody saw for as long as knowledge is kept. */
export const forgetLost = (connection: DatabaseSync, { references }: ToldState, at: Date): void => {
  const scanned = references.filter(({ standing }) => standing !== 'unscanned').map(({ reference }) => reference);
  const forget = prepared(connection, 'DELETE FROM lost WHERE reference = ?');
  for (const reference of scanned.length === 0 ? [] : [EVERYTHING, ...scanned]) forget.run(reference);
  const oldest = new Date(at.getTime() - KEPT_MS).toISOString();
  prepared(connection, 'DELETE FROM lost WHERE since < ?').run(oldest);
};
