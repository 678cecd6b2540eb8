import type { DatabaseSync } from 'node:sqlite';

import { ToldState } from '@scanner/core';

import { prepared } from '../prepared.ts';

const PassesTold = ToldState.omit({ references: true });
/** What is remembered of passes as a whole. */
export type PassesTold = Omit<ToldState, 'references'>;

export interface PassesReading {
  readonly passes: PassesTold;
  readonly damaged: readonly { readonly what: string; readonly reason: string }[];
}

export const readPasses = (connection: DatabaseSync): PassesReading => {
  const row = prepared(connection, 'SELECT trouble, digest, host_name FROM told_pass').get();
  const damaged: { what: string; reason: string }[] = [];
  const read = <T>(column: string, what: string, parse: (value: unknown) => T): T | null => {
    const text = row?.[column];
    if (typeof text !== 'string') return null;
    try {
      return parse(JSON.parse(text));
    } catch (error) {
      damaged.push({ what, reason: String(error) });
      return null;
    }
  };
  const { trouble, digest } = PassesTold.shape;
  const hostName = row?.['host_name'];
  return {
    passes: {
      trouble: read('trouble', 'what was told of failing passes', (value) => trouble.parse(value)),
      digest: read('digest', 'what the next digest is to say', (value) => digest.parse(value)),
      hostName: typeof hostName === 'string' ? hostName : null,
    },
    damaged,
  };
};

export const writePasses = (connection: DatabaseSync, { trouble, digest, hostName }: PassesTold): void => {
  prepared(connection, 'UPDATE told_pass SET trouble = ?, digest = ?, host_name = ?').run(
    trouble === null ? null : JSON.stringify(trouble),
    digest === null ? null : JSON.stringify(digest),
    hostName,
  );
};
