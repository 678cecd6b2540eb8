import { randomBytes } from 'node:crypto';
import { constants, readdirSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { copyFile, link, mkdir, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { makeDirectories, placeError, ScannerError } from '@scanner/core';
import type { HeldLock, LockKeeper } from '@scanner/core';

import { signalGroup } from './process-group.ts';

export const SESSION_PREFIX = 'session-';
export const SESSION_LOCK = 'owner.lock';

/** The directories of one run of Trivy inside a session; gone when disposed. */
export interface Job extends AsyncDisposable {
  /** For its settings, and Trivy's DOCKER_CONFIG. */
  readonly directory: string;
  /** Trivy's TMPDIR. */
  readonly temporaryDirectory: string;
  readonly reportFile: string;
}

/** Whose databases, and whether Trivy may write to them. */
export interface SessionDatabase {
  /** Holds `trivy.db` and `metadata.json`. */
  readonly vulnerabilities: string;
  /** Holds `trivy-java.db` and `metadata.json`, when there is one. */
  readonly java: string | null;
  /** A Trivy that opens its database for writing gets a copy. */
  readonly writable: boolean;
}

/**
 * The directories that one opened scanner gives its Trivy processes, held by a lock while its owner lives:
 * an empty working directory, so that no file of the user's is read by accident; an empty home; no modules;
 * the database by links, so that a Trivy that deletes what it takes for broken deletes a link.
 */
export class Session implements AsyncDisposable {
  readonly directory: string;
  readonly #lock: HeldLock;
  readonly #writable: boolean;
  readonly #groups = new Set<number>();
  #jobs = 0;
  #hasJava = false;

  private constructor(directory: string, lock: HeldLock, writable: boolean) {
    this.directory = directory;
    this.#writable = writable;
    this.#lock = lock;
    process.once('exit', this.#endAtOnce);
  }

  /**
   * @throws ScannerError `directory_unusable`, or `disk_full`
   */
  static async open(workDirectory: string, database: SessionDatabase, locks: LockKeeper): Promise<Session> {
    const name = `${SESSION_PREFIX}${randomBytes(8).toString('hex')}`;
    let directory = join(workDirectory, name);
    try {
      await makeDirectories(directory, 0o700);
      directory = await realpath(directory);
      const attempt = locks.tryAcquire(join(directory, SESSION_LOCK), `gts (pid ${process.pid} on ${hostname()})`);
      if (!('held' in attempt)) return await Session.open(workDirectory, database, locks);
      const session = new Session(directory, attempt.held, database.writable);
      await session.#lay(database);
      return session;
    } catch (cause) {
      await rm(directory, { recursive: true, force: true });
      throw ScannerError.is(cause) ? cause : unusable(workDirectory, cause);
    }
  }

  get cacheDirectory(): string {
    return join(this.directory, 'cache');
  }
  get moduleDirectory(): string {
    return join(this.directory, 'modules');
  }
  get homeDirectory(): string {
    return join(this.directory, 'home');
  }
  get workingDirectory(): string {
    return join(this.directory, 'empty');
  }

  /** Whether Trivy finds a Java database. */
  get hasJava(): boolean {
    return this.#hasJava;
  }

  /** For reports that outlive their job. */
  get reportsDirectory(): string {
    return join(this.directory, 'reports');
  }

  async openJob(): Promise<Job> {
    this.#jobs += 1;
    const directory = join(this.directory, 'jobs', String(this.#jobs));
    const job: Job = {
      directory,
      temporaryDirectory: join(directory, 'tmp'),
      reportFile: join(directory, 'report.json'),
      [Symbol.asyncDispose]: () => removeJob(directory),
    };
    await makeDirectories(job.temporaryDirectory, 0o700);
    return job;
  }

  /** Remembers which process groups live, so that none outlives this process when it ends at once. */
  trackGroup(group: number, alive: boolean): void {
    if (alive) this.#groups.add(group);
    else this.#groups.delete(group);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#endAtOnce);
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
    this.#lock.release();
  }

  /**
   * Gives the session a Java database that it was opened without. A Trivy that looked for one before has left an empty
   * file in its place; without the metadata, which come last, no Trivy takes that for a database.
   */
  async layJava(directory: string): Promise<void> {
    await this.#layFiles('java-db', directory, ['trivy-java.db', 'metadata.json']);
    this.#hasJava = true;
  }

  async #lay(database: SessionDatabase): Promise<void> {
    for (const directory of [this.moduleDirectory, this.homeDirectory, this.workingDirectory, this.reportsDirectory])
      await mkdir(directory, { mode: 0o700 });
    await this.#layFiles('db', database.vulnerabilities, ['trivy.db', 'metadata.json']);
    if (database.java !== null) await this.layJava(database.java);
  }

  async #layFiles(part: string, directory: string, names: readonly string[]): Promise<void> {
    await makeDirectories(join(this.cacheDirectory, part), 0o700);
    for (const name of names) {
      const [from, to] = [join(directory, name), join(this.cacheDirectory, part, name)];
      if (!(await exists(from))) continue;
      const laid = join(this.directory, `${part}-${name}`);
      if (this.#writable) await copyFile(from, laid, constants.COPYFILE_FICLONE);
      else await linkFile(await realpath(from), laid);
      await rename(laid, to);
    }
  }

  readonly #endAtOnce = (): void => {
    for (const group of this.#groups) signalGroup(group, 'SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  };
}

/** A scan leaves a few files, which are sooner gone than handed to another thread; what is more goes in the background. */
const removeJob = async (directory: string): Promise<void> => {
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true }))
      (entry.isDirectory() ? rmdirSync : unlinkSync)(join(directory, entry.name));
    rmdirSync(directory);
  } catch {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
};

/** A hard link keeps the file when its generation is removed; another disk cannot have one. */
const linkFile = (from: string, to: string): Promise<void> => link(from, to).catch(() => symlink(from, to));

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const unusable = (directory: string, cause: unknown): ScannerError =>
  placeError(directory, cause) ??
  new ScannerError(`cannot work in ${directory}`, {
    code: 'directory_unusable',
    hint: 'make it writable for this user, or set another cache directory',
    cause,
  });
