import { copyFile, link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { databaseMetadata, databasePath } from '@scanner/testing';

import { plainEnvironment, settle } from '../surroundings.ts';

const DATABASE_FILES = ['trivy.db', 'metadata.json'] as const;

/** Where the measured commands run: a home, a place for temporary files, and one database for all of them. */
export class Workplace {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async in(path: string): Promise<Workplace> {
    const place = new Workplace(path);
    for (const name of ['home', 'tmp', 'db']) await mkdir(join(path, name));
    await copyFile(databasePath(1), join(place.#database, 'trivy.db'));
    await writeFile(
      join(place.#database, 'metadata.json'),
      JSON.stringify(databaseMetadata({ updatedAt: new Date() })),
    );
    return place;
  }

  /** The whole environment of what is measured, but for what the engine and the command need. */
  get environment(): Readonly<Record<string, string>> {
    return plainEnvironment({ home: join(this.#path, 'home'), temporary: join(this.#path, 'tmp') });
  }

  /** A new, empty directory. Disposing removes it. */
  async emptyDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
    const path = await mkdtemp(join(this.#path, 'run-'));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }

  /** Puts the database into a cache directory in Trivy's layout: the same files for every run. */
  async putDatabase(cacheDirectory: string): Promise<void> {
    const directory = join(cacheDirectory, 'db');
    await mkdir(directory, { recursive: true });
    for (const name of DATABASE_FILES) await link(join(this.#database, name), join(directory, name));
  }

  /** Waits until what the last run wrote is on the disk, so that the next one does not pay for it. */
  async settle(signal: AbortSignal): Promise<void> {
    await settle(this.#path, signal);
  }

  get #database(): string {
    return join(this.#path, 'db');
  }
}
