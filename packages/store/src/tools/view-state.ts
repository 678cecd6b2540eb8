import type { DatabaseSync } from 'node:sqlite';

import type { FilePrint } from './file-print.ts';

/** How `tools.json` stands to the catalogue. */
export interface ViewState {
  /** Counts the changes of tools. */
  readonly revision: number;
  /** The revision that the file shows. */
  readonly published: number;
  /** The files that we wrote: the one that is there, and the one that was about to take its place. */
  readonly ours: readonly FilePrint[];
  /** Fields of the file beside `schema` and `tools` that somebody else put there. */
  readonly extra: string;
}

export const readViewState = (connection: DatabaseSync): ViewState => {
  const row = connection.prepare('SELECT revision, published, current, next, extra FROM view').get();
  return {
    revision: Number(row?.['revision']),
    published: Number(row?.['published']),
    ours: [row?.['current'], row?.['next']].flatMap((print) => (typeof print === 'string' ? [parsePrint(print)] : [])),
    extra: String(row?.['extra']),
  };
};

/** Makes the file out of date, in the transaction that changes the catalogue. */
export const countChange = (connection: DatabaseSync): void => {
  connection.exec('UPDATE view SET revision = revision + 1');
};

/** Before the file is replaced: from now on the old one and the new one both count as ours. */
export const announceFile = (connection: DatabaseSync, current: FilePrint | undefined, next: FilePrint): void => {
  connection.prepare('UPDATE view SET current = ?, next = ?').run(current ? printText(current) : null, printText(next));
};

/** Once the file is replaced. */
export const confirmFile = (connection: DatabaseSync, revision: number): void => {
  connection.prepare('UPDATE view SET current = next, next = NULL, published = max(published, ?)').run(revision);
};

export const writeExtra = (connection: DatabaseSync, extra: string): void => {
  connection.prepare('UPDATE view SET extra = ?').run(extra);
};

const printText = ({ hash, stamp }: FilePrint): string => `${hash} ${stamp}`;

const parsePrint = (text: string): FilePrint => {
  const space = text.indexOf(' ');
  return { hash: text.slice(0, space), stamp: text.slice(space + 1) };
};
