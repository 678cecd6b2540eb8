import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { databaseMetadata } from '@scanner/testing';
import type { DatabaseGeneration, LargeDatabase } from '@scanner/testing';

const HOUR_MS = 3_600_000;
const AGE_HOURS = { 1: 12, 2: 6 } as const;

/** The large database as every measured run gets it: links to the same files. */
export class Databases {
  readonly #large: LargeDatabase;
  readonly #now = Date.now();

  constructor(large: LargeDatabase) {
    this.#large = large;
  }

  /** Puts a generation into a cache directory in Trivy's layout, in place of the one that is there. */
  async put(cacheDirectory: string, generation: DatabaseGeneration): Promise<void> {
    const directory = join(cacheDirectory, 'db');
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    await symlink(this.#large.path(generation), join(directory, 'trivy.db'));
    const updatedAt = new Date(this.#now - AGE_HOURS[generation] * HOUR_MS);
    await writeFile(join(directory, 'metadata.json'), JSON.stringify(databaseMetadata({ updatedAt })));
  }
}
