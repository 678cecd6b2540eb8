import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { keptDirectory } from '../kept-directory.ts';
import type { DatabaseGeneration } from './vulnerability-database.ts';

/** A vulnerability database as large as the real one, about 790 MB, in two generations. */
export interface LargeDatabase {
  /** Where the file of a generation lies. */
  path(generation: DatabaseGeneration): string;
}

const DATABASE_DIRECTORY = fileURLToPath(new URL('../../database/', import.meta.url));
const GENERATOR = join(DATABASE_DIRECTORY, 'generator');
const OTHER_DETAILS = '100000';
const TEXT = join(DATABASE_DIRECTORY, 'advisories.json');

/**
 * Gives a database with all advisories of the small one, four invented advisories on Debian 12 for each of these names
 * of packages, half of which concern every version in use, and 100,000 details that nothing refers to. The second
 * generation differs as the small database's does, and by one more advisory for every hundredth name.
 *
 * The first call makes it with Go (less than a minute) and keeps it in the cache, 1.6 GB for both generations.
 */
export async function largeDatabase(names: readonly string[]): Promise<LargeDatabase> {
  const list = [...new Set(names)].toSorted().join('\n');
  const directory = await keptDirectory(`vulnerabilities-${await keyOf(list)}`, async (unfinished) => {
    const namesPath = join(unfinished, 'names.txt');
    await writeFile(namesPath, list);
    await execa('go', ['run', '.', 'large', TEXT, namesPath, OTHER_DETAILS, unfinished], { cwd: GENERATOR });
  });
  return { path: (generation) => join(directory, `generation-${generation}.db`) };
}

/** Other names, another text or another generator make another database. */
async function keyOf(list: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([OTHER_DETAILS, list]));
  const sources = (await readdir(GENERATOR)).toSorted().map((name) => join(GENERATOR, name));
  for (const path of [TEXT, ...sources]) hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 12);
}
