import { readFile } from 'node:fs/promises';

import { debianBase, largeDatabase } from '@scanner/testing';
import type { DebianBase, DebianBaseKind, LargeDatabase } from '@scanner/testing';

/** Two Debian bases, and a database of real size that has advisories on their packages. */
export interface RealSized {
  readonly bases: Readonly<Record<DebianBaseKind, DebianBase>>;
  readonly database: LargeDatabase;
}

/** Takes minutes when nothing is in the cache yet, else no time. */
export async function realSized(note: (line: string) => void): Promise<RealSized> {
  note('the Debian bases and the large database: making what is not kept from before');
  const bases = { runtime: await debianBase('runtime'), build: await debianBase('build') };
  const lists = Object.values(bases).flatMap(({ sourcesPath, archiveNamesPath }) => [sourcesPath, archiveNamesPath]);
  const names = await Promise.all(lists.map(namesIn));
  return { bases, database: await largeDatabase(names.flat()) };
}

async function namesIn(path: string): Promise<string[]> {
  const list = await readFile(path, 'utf8');
  return list.trimEnd().split('\n');
}
