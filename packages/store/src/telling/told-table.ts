import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { awaitingSecondLook, keepLists, ListKeeper, ReferenceState } from '@scanner/core';

import { compress, decompress } from '../compression.ts';
import { prepared } from '../prepared.ts';

const MAX_FINDINGS_BYTES = 256 * 1024 ** 2;

const LISTS = { known: true, unlisted: true, unlistedElsewhere: true, resolvedSince: true } as const;
const SmallState = ReferenceState.omit(LISTS);
const FindingLists = ReferenceState.pick(LISTS);
type FindingLists = Pick<ReferenceState, keyof typeof LISTS>;

export interface ToldReferences {
  /** By reference. */
  readonly states: readonly ReferenceState[];
  readonly damaged: readonly { readonly reference: string; readonly reason: string }[];
}

/** References that have the same findings share them in memory, too. */
export const readReferences = (connection: DatabaseSync): ToldReferences => {
  const states: ReferenceState[] = [];
  const damaged: { reference: string; reason: string }[] = [];
  const read = new Map<string, FindingLists>();
  const keeper = new ListKeeper();
  const rows = prepared(connection, 'SELECT reference, state, findings FROM told_reference ORDER BY reference');
  for (const row of rows.iterate()) {
    const reference = String(row['reference']);
    const digest = String(row['findings']);
    const body = read.has(digest) ? undefined : readBody(connection, digest);
    try {
      const lists = read.get(digest) ?? keepLists(parseLists(body), keeper);
      read.set(digest, lists);
      states.push({ ...readSmall(row), ...lists });
    } catch (error) {
      damaged.push({ reference, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { states, damaged };
};

/** Of references whose state cannot be read nothing is said: `readReferences` does. */
export const readAwaitingSecondLook = (connection: DatabaseSync): ReadonlySet<string> => {
  const rows = prepared(connection, 'SELECT reference, state FROM told_reference').all();
  return awaitingSecondLook(
    rows.flatMap((row) => {
      try {
        return [readSmall(row)];
      } catch {
        return [];
      }
    }),
  );
};

const readSmall = (row: Readonly<Record<string, unknown>>): Omit<ReferenceState, keyof FindingLists> => ({
  ...SmallState.parse(JSON.parse(String(row['state']))),
  reference: String(row['reference']),
});

const readBody = (connection: DatabaseSync, digest: string): unknown =>
  prepared(connection, 'SELECT body FROM told_findings WHERE digest = ?').get(digest)?.['body'];

const parseLists = (body: unknown): FindingLists => {
  if (!(body instanceof Uint8Array)) throw new TypeError('its findings are missing');
  return FindingLists.parse(JSON.parse(decompress(body, MAX_FINDINGS_BYTES).toString('utf8')));
};

/** Makes these all there is. Writes what is new or changed, and nothing for the rest. */
export const writeReferences = (connection: DatabaseSync, states: readonly ReferenceState[]): void => {
  const gone = stored(connection, 'SELECT reference AS name FROM told_reference');
  const unused = stored(connection, 'SELECT digest AS name FROM told_findings');
  const kept = new Set(unused);
  const encode = createEncoder();
  for (const { known, unlisted, unlistedElsewhere, resolvedSince, ...small } of states) {
    const lists = encode(JSON.stringify({ known, unlisted, unlistedElsewhere, resolvedSince }));
    const digest = createHash('sha256').update(lists).digest('hex');
    if (!kept.has(digest)) writeLists(connection, digest, lists);
    kept.add(digest);
    unused.delete(digest);
    gone.delete(small.reference);
    writeReference(connection, small.reference, JSON.stringify(small), digest);
  }
  const dropReference = prepared(connection, 'DELETE FROM told_reference WHERE reference = ?');
  for (const reference of gone) dropReference.run(reference);
  const dropLists = prepared(connection, 'DELETE FROM told_findings WHERE digest = ?');
  for (const digest of unused) dropLists.run(digest);
};

const stored = (connection: DatabaseSync, sql: string): Set<string> =>
  new Set(
    prepared(connection, sql)
      .all()
      .map(({ name }) => String(name)),
  );

/** Compressed, they take a twentieth of the space, and are written in less time than as they are. */
const writeLists = (connection: DatabaseSync, digest: string, lists: Uint8Array): void => {
  prepared(connection, 'INSERT INTO told_findings (digest, body) VALUES (?, ?)').run(digest, compress(lists));
};

const LONGEST_CHARACTER = 3;

/**
 * Encodes one text after the other in the same memory: with new memory for each, a host of millions of findings spends
 * several times as long on having it collected. What it gives is good until the next call.
 */
const createEncoder = (): ((text: string) => Uint8Array) => {
  let memory = Buffer.alloc(0);
  return (text) => {
    if (memory.length < text.length * LONGEST_CHARACTER) memory = Buffer.alloc(text.length * LONGEST_CHARACTER);
    return memory.subarray(0, memory.write(text));
  };
};

const writeReference = (connection: DatabaseSync, reference: string, state: string, digest: string): void => {
  prepared(
    connection,
    `INSERT INTO told_reference (reference, state, findings) VALUES (?, ?, ?)
       ON CONFLICT (reference) DO UPDATE SET state = excluded.state, findings = excluded.findings
       WHERE state <> excluded.state OR findings <> excluded.findings`,
  ).run(reference, state, digest);
};
