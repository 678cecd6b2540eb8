import { randomBytes } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { copyFile, mkdir, realpath, rm, stat, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { ScannerError } from '@scanner/core';
import type { HeldLock, LockKeeper } from '@scanner/core';

import { signalGroup } from './process-group.ts';

export const SESSION_PREFIX = 'session-';
export const SESSION_LOCK = 'owner.lock';

/** The directories of one run of Trivy inside a session; gone when disposed. */
export interface Job extends AsyncDisposable {
  readonly directory: string;
  /** Trivy's TMPDIR. */
  readonly temporaryDirectory: string;
  /** Where the Docker configuration for this job alone lies. */
  readonly dockerConfigDirectory: string;
  readonly reportFile: string;
}

/** Whose database, and whether Trivy may write to it. */
export interface SessionDatabase {
  /** In Trivy's own layout: `db/trivy.db`, `db/metadata.json`, and `java-db/` when there is one. */
  readonly directory: string;
  readonly hasJava: boolean;
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
  readonly #groups = new Set<number>();
  #jobs = 0;

  private constructor(directory: string, lock: HeldLock) {
    this.directory = directory;
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
      await mkdir(directory, { recursive: true, mode: 0o700 });
      directory = await realpath(directory);
      const attempt = locks.tryAcquire(join(directory, SESSION_LOCK), `gts (pid ${process.pid} on ${hostname()})`);
      if (!('held' in attempt)) return await Session.open(workDirectory, database, locks);
      const session = new Session(directory, attempt.held);
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

  async openJob(): Promise<Job> {
    this.#jobs += 1;
    const directory = join(this.directory, 'jobs', String(this.#jobs));
    const job: Job = {
      directory,
      temporaryDirectory: join(directory, 'tmp'),
      dockerConfigDirectory: join(directory, 'docker'),
      reportFile: join(directory, 'report.json'),
      [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
    };
    await mkdir(job.temporaryDirectory, { recursive: true, mode: 0o700 });
    await mkdir(job.dockerConfigDirectory, { mode: 0o700 });
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

  async #lay(database: SessionDatabase): Promise<void> {
    for (const directory of [this.moduleDirectory, this.homeDirectory, this.workingDirectory])
      await mkdir(directory, { mode: 0o700 });
    await this.#layFiles(database, 'db', ['trivy.db', 'metadata.json']);
    if (database.hasJava) await this.#layFiles(database, 'java-db', ['trivy-java.db', 'metadata.json']);
  }

  async #layFiles(database: SessionDatabase, part: string, names: readonly string[]): Promise<void> {
    await mkdir(join(this.cacheDirectory, part), { recursive: true, mode: 0o700 });
    for (const name of names) {
      const [from, to] = [join(database.directory, part, name), join(this.cacheDirectory, part, name)];
      if (!(await exists(from))) continue;
      if (database.writable) await copyFile(from, to, constants.COPYFILE_FICLONE);
      else await symlink(from, to);
    }
  }

  readonly #endAtOnce = (): void => {
    for (const group of this.#groups) signalGroup(group, 'SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const unusable = (directory: string, cause: unknown): ScannerError => {
  const full = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
  return full
    ? new ScannerError(`the disk of ${directory} is full`, {
        code: 'disk_full',
        hint: 'free some space there, or set another cache directory',
        cause,
      })
    : new ScannerError(`cannot work in ${directory}`, {
        code: 'directory_unusable',
        hint: 'make it writable for this user, or set another cache directory',
        cause,
      });
};
