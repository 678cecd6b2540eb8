import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, realpath, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { type Clock, makeDirectories } from '@scanner/core';

import type { DatabaseKind } from './database-kind.ts';
import { isMissing, unusableDirectory } from './file-error.ts';
import { type DatabaseGeneration, inspectGeneration } from './generation.ts';
import { endOrphansIn } from './orphan-processes.ts';

/** What lies in a cache directory. */
export interface Lookup {
  readonly generation: DatabaseGeneration | null;
  /** What is wrong with the database that should have been used, as a sentence; null when nothing is. */
  readonly damage: string | null;
}

const GENERATIONS = 'generations';
const UNFINISHED = '.new-';

/**
 * Where the generations of one kind of database live: `generations/<name>/<db|java-db>` under a cache directory, which
 * itself has Trivy's layout with a link to the current one. A real directory in the link's place was put there by hand.
 *
 * Everything but `find` is for whoever holds the lock.
 */
export class GenerationDirectory {
  readonly #kind: DatabaseKind;
  readonly #cacheDir: string;
  readonly #clock: Clock;

  constructor(kind: DatabaseKind, cacheDir: string, clock: Clock) {
    this.#kind = kind;
    this.#cacheDir = cacheDir;
    this.#clock = clock;
  }

  get lockFile(): string {
    return join(this.#generations, 'update.lock');
  }

  /** Where the current generation is linked, or put by hand. */
  get place(): string {
    return join(this.#cacheDir, this.#kind.directory);
  }

  /**
   * The current generation; where that one is damaged, or a crash left none in its place, the newest good one.
   *
   * @throws ScannerError `directory_unusable`
   */
  async find(): Promise<Lookup> {
    const inspection = await inspectGeneration(this.#kind, this.place);
    if (inspection.state === 'good') return { generation: inspection.generation, damage: null };
    const damage =
      inspection.state === 'damaged' ? `the ${this.#kind.title} in ${this.place} is damaged: ${inspection.why}` : null;
    return { generation: await this.#newestGood(), damage };
  }

  /** @throws ScannerError `directory_unusable` */
  async prepare(): Promise<void> {
    try {
      await makeDirectories(this.#generations);
    } catch (error) {
      throw unusableDirectory(this.#generations, error);
    }
  }

  /** Ends and removes what a crash left unfinished. */
  async sweep(): Promise<void> {
    const unfinished = (await readdir(this.#generations)).filter((name) => name.startsWith(UNFINISHED));
    if (unfinished.length > 0) await endOrphansIn(join(await realpath(this.#generations), UNFINISHED));
    await this.#remove(unfinished);
  }

  /** A new empty directory on the same disk, that the next sweep removes if nobody does before. */
  async stage(): Promise<string> {
    const path = this.#unfinished();
    await mkdir(path, { mode: 0o700 });
    return path;
  }

  /**
   * Makes the database in a staged directory the current generation, in one step for whoever looks, and removes all
   * but the one before.
   */
  async adopt(staged: string, previous: DatabaseGeneration | null): Promise<void> {
    const name = this.#newName();
    await syncDirectory(staged);
    await mkdir(join(this.#generations, name));
    await rename(staged, join(this.#generations, name, this.#kind.directory));
    await syncDirectory(join(this.#generations, name));
    const setAside = await this.#setAsidePutByHand();
    await this.#link(name);
    const before = previous === null ? undefined : basename(dirname(previous.directory));
    await this.#prune([name, setAside, before]);
  }

  get #generations(): string {
    return join(this.#cacheDir, GENERATIONS);
  }

  #unfinished(): string {
    return join(this.#generations, `${UNFINISHED}${randomBytes(6).toString('hex')}`);
  }

  #newName(): string {
    const moment = this.#clock
      .now()
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, '');
    return `${this.#prefix}${moment}-${randomBytes(4).toString('hex')}`;
  }

  get #prefix(): string {
    return `${this.#kind.directory}-`;
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#generations)).filter((name) => name.startsWith(this.#prefix));
    } catch (error) {
      if (isMissing(error)) return [];
      throw unusableDirectory(this.#generations, error);
    }
  }

  async #newestGood(): Promise<DatabaseGeneration | null> {
    let newest: DatabaseGeneration | null = null;
    for (const name of await this.#names()) {
      const inspection = await inspectGeneration(this.#kind, join(this.#generations, name, this.#kind.directory));
      if (inspection.state !== 'good') continue;
      if (newest === null || inspection.generation.updatedAt > newest.updatedAt) newest = inspection.generation;
    }
    return newest;
  }

  /** A directory cannot be replaced by a link in one step: between the two, `find` takes the newest good one. */
  async #setAsidePutByHand(): Promise<string | undefined> {
    const there = await lstat(this.place).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (there === null || there.isSymbolicLink()) return undefined;
    const name = this.#newName();
    await mkdir(join(this.#generations, name));
    await rename(this.place, join(this.#generations, name, this.#kind.directory));
    return name;
  }

  async #link(name: string): Promise<void> {
    const link = this.#unfinished();
    await symlink(join(GENERATIONS, name, this.#kind.directory), link);
    await rename(link, this.place);
    await syncPath(this.#generations);
    await syncPath(this.#cacheDir);
  }

  async #prune(kept: readonly (string | undefined)[]): Promise<void> {
    await this.#remove((await this.#names()).filter((name) => !kept.includes(name)));
  }

  async #remove(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(join(this.#generations, name), { recursive: true, force: true });
  }
}

const syncDirectory = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory)) await syncPath(join(directory, name));
  await syncPath(directory);
};

const syncPath = async (path: string): Promise<void> => {
  await using file = await open(path, 'r');
  await file.sync();
};
