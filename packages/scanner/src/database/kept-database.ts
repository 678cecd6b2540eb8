import { type Clock, type HeldLock, type LockKeeper, type Log, ScannerError } from '@scanner/core';

import type { DatabaseKind } from './database-kind.ts';
import { isDiskFull, unusableDirectory } from './file-error.ts';
import type { DatabaseGeneration } from './generation.ts';
import { GenerationDirectory, type Lookup } from './generation-directory.ts';
import { type DownloadLimits, downloadFromMirror } from './mirror-download.ts';
import { describeFailure, type MirrorFailure, mirrorFailure } from './mirror-failure.ts';

export interface KeptDatabaseOptions {
  readonly kind: DatabaseKind;
  readonly cacheDir: string;
  readonly trivyPath: string;
  /** Mirrors, asked in this order. */
  readonly repositories: readonly string[];
  /** A database older than that must be updated before it is used, in milliseconds. */
  readonly maxAgeMs: number;
  readonly limits: DownloadLimits;
  readonly locks: LockKeeper;
  readonly log: Log;
  readonly clock: Clock;
  /** The whole environment of Trivy besides what is set here. */
  readonly trivyEnvironment: Readonly<Record<string, string>>;
}

export type UpdateProgress =
  | { readonly step: 'waiting'; readonly heldBy: string }
  | { readonly step: 'downloading'; readonly repository: string; readonly bytes: number };

export interface UpdateRequest {
  /** Use what lies there, however old. */
  readonly skip?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UpdateProgress) => void) | undefined;
}

export interface DatabaseUpdate {
  readonly generation: DatabaseGeneration;
  /** Older than it may be: the update was skipped, or no mirror had a newer one. */
  readonly stale: boolean;
  /** Its content is another than before. */
  readonly updated: boolean;
  /** What the reader should know, as sentences. */
  readonly warnings: readonly string[];
}

interface Download {
  readonly adopted: boolean;
  readonly failures: readonly MirrorFailure[];
}

/** One kind of database in a cache directory, kept up to date from mirrors. */
export class KeptDatabase {
  readonly #options: KeptDatabaseOptions;
  readonly #directory: GenerationDirectory;

  constructor(options: KeptDatabaseOptions) {
    this.#options = options;
    this.#directory = new GenerationDirectory(options.kind, options.cacheDir, options.clock);
  }

  /**
   * What a scan would use now, or null when there is none.
   *
   * @throws ScannerError `database_corrupt` or `directory_unusable`
   */
  async current(): Promise<DatabaseGeneration | null> {
    const found = await this.#directory.find();
    if (found.generation === null && found.damage !== null) throw this.#unusable(found, []);
    if (found.damage !== null) this.#options.log.warn(found.damage);
    return found.generation;
  }

  /**
   * @throws ScannerError `database_unavailable`, `database_corrupt`, `database_too_old`, `disk_full` or
   *   `directory_unusable`; rejects with the signal's reason on abort
   */
  async update(request: UpdateRequest = {}): Promise<DatabaseUpdate> {
    const found = await this.#directory.find();
    if (request.skip === true) return this.#unchanged(found, []);
    if (this.#isFresh(found)) return this.#unchanged(found, []);
    try {
      return await this.#updateAlone(request);
    } catch (error) {
      if (ScannerError.is(error) && error.code === 'directory_unusable') return this.#withoutWriting(found, error);
      throw error;
    }
  }

  /** Whoever waited for another's download finds its result, and is done. */
  async #updateAlone(request: UpdateRequest): Promise<DatabaseUpdate> {
    await this.#directory.prepare();
    const lock = await this.#lock(request);
    try {
      const found = await this.#directory.find();
      if (this.#isFresh(found)) return this.#unchanged(found, []);
      const download = await this.#download(found.generation, request);
      return download.adopted ? await this.#updated(found, download) : this.#keepOld(found, download.failures);
    } finally {
      lock.release();
    }
  }

  async #updated(before: Lookup, { failures }: Download): Promise<DatabaseUpdate> {
    const { generation } = await this.#directory.find();
    if (generation === null) throw this.#unusable({ generation, damage: null }, failures);
    this.#options.log.info(`updated the ${this.#options.kind.title}`, {
      updatedAt: generation.updatedAt.toISOString(),
    });
    const replaced = before.damage === null ? [] : [`${before.damage}; it was replaced`];
    const updated = generation.id !== before.generation?.id;
    const warnings = [...replaced, ...failures.map(describeFailure)];
    return this.#withAge({ generation, updated, warnings });
  }

  async #lock({ signal, onProgress }: UpdateRequest): Promise<HeldLock> {
    return this.#options.locks.acquire(this.#directory.lockFile, `database update (pid ${process.pid})`, {
      ...(signal === undefined ? {} : { signal }),
      onWait: (heldBy) => onProgress?.({ step: 'waiting', heldBy }),
    });
  }

  async #download(current: DatabaseGeneration | null, request: UpdateRequest): Promise<Download> {
    try {
      await this.#directory.sweep();
      return await this.#downloadFromFirst(current, request);
    } catch (error) {
      if (!isDiskFull(error)) throw this.#asScannerError(error, request.signal);
      return { adopted: false, failures: [mirrorFailure(this.#options.cacheDir, 'disk_full', '')] };
    } finally {
      await this.#directory.sweep().catch(() => {});
    }
  }

  /** Asks mirror after mirror for a newer database; takes the same again when none has one. */
  async #downloadFromFirst(current: DatabaseGeneration | null, request: UpdateRequest): Promise<Download> {
    const failures: MirrorFailure[] = [];
    let same: string | null = null;
    for (const repository of this.#options.repositories) {
      const answer = await this.#ask(repository, current, request);
      if ('failure' in answer) failures.push(answer.failure);
      else if (answer.isNewer) return this.#adopt(answer.staged, current, failures);
      else same ??= answer.staged;
    }
    return same === null ? { adopted: false, failures } : this.#adopt(same, current, failures);
  }

  async #adopt(
    staged: string,
    current: DatabaseGeneration | null,
    failures: readonly MirrorFailure[],
  ): Promise<Download> {
    await this.#directory.adopt(staged, current);
    return { adopted: true, failures };
  }

  async #ask(repository: string, current: DatabaseGeneration | null, { signal, onProgress }: UpdateRequest) {
    this.#options.log.info(`downloading the ${this.#options.kind.title}`, { repository });
    onProgress?.({ step: 'downloading', repository, bytes: 0 });
    return downloadFromMirror(repository, await this.#directory.stage(), current, {
      ...this.#options,
      environment: this.#options.trivyEnvironment,
      signal,
      onBytes: (bytes) => onProgress?.({ step: 'downloading', repository, bytes }),
    });
  }

  #asScannerError(error: unknown, signal: AbortSignal | undefined): unknown {
    return signal?.aborted === true ? error : unusableDirectory(this.#options.cacheDir, error);
  }

  #isFresh({ generation, damage }: Lookup): boolean {
    if (generation === null || damage !== null || this.#isTooOld(generation)) return false;
    const now = this.#options.clock.now().getTime();
    const downloadedAt = generation.downloadedAt?.getTime() ?? 0;
    const pausing = downloadedAt <= now && now < downloadedAt + this.#options.kind.pauseMs;
    return now < generation.nextUpdate.getTime() || pausing;
  }

  #isTooOld({ updatedAt }: DatabaseGeneration): boolean {
    return this.#options.clock.now().getTime() - updatedAt.getTime() > this.#options.maxAgeMs;
  }

  #unchanged({ generation, damage }: Lookup, warnings: readonly string[]): DatabaseUpdate {
    if (generation === null) throw this.#unusable({ generation, damage }, []);
    const damages = damage === null ? [] : [`${damage}; the one of ${generation.updatedAt.toISOString()} is used`];
    return this.#withAge({ generation, updated: false, warnings: [...damages, ...warnings] });
  }

  #withAge(update: Omit<DatabaseUpdate, 'stale'>): DatabaseUpdate {
    if (!this.#isTooOld(update.generation)) return { ...update, stale: false };
    const warning = `the ${this.#options.kind.title} is old: it is of ${update.generation.updatedAt.toISOString()}`;
    return { ...update, stale: true, warnings: [...update.warnings, warning] };
  }

  #keepOld(found: Lookup, failures: readonly MirrorFailure[]): DatabaseUpdate {
    if (found.generation === null) throw this.#unusable(found, failures);
    if (this.#isTooOld(found.generation)) throw this.#tooOld(found.generation, failures);
    return this.#unchanged(found, [this.#notUpdated(failures.map(describeFailure))]);
  }

  #withoutWriting(found: Lookup, cause: ScannerError): DatabaseUpdate {
    if (found.generation === null || this.#isTooOld(found.generation)) throw cause;
    return this.#unchanged(found, [this.#notUpdated([cause.message])]);
  }

  #notUpdated(reasons: readonly string[]): string {
    return `the ${this.#options.kind.title} was not updated: ${joined(reasons)}`;
  }

  #tooOld(generation: DatabaseGeneration, failures: readonly MirrorFailure[]): ScannerError {
    const days = Math.round(this.#options.maxAgeMs / 8_640_000) / 10;
    return new ScannerError(
      `the ${this.#options.kind.title} is of ${generation.updatedAt.toISOString()}, older than ${days} days, and ${listed(failures)}`,
      { code: 'database_too_old', hint: `${this.#wayOut()}; or use it as it is with --skip-db-update` },
    );
  }

  #unusable({ damage }: Lookup, failures: readonly MirrorFailure[]): ScannerError {
    const what = damage ?? `there is no ${this.#options.kind.title} in ${this.#directory.place}`;
    const message = failures.length === 0 ? what : `${what}, and ${listed(failures)}`;
    if (failures.some(({ reason }) => reason === 'disk_full'))
      return new ScannerError(message, { code: 'disk_full', hint: `free some space for ${this.#options.cacheDir}` });
    const code = damage === null ? 'database_unavailable' : 'database_corrupt';
    return new ScannerError(message, { code, hint: this.#wayOut() });
  }

  #wayOut(): string {
    const { kind, repositories } = this.#options;
    return (
      `let this machine reach ${repositories.join(' or ')}, or name another mirror; ` +
      `without any, put ${kind.file} and metadata.json into ${this.#directory.place} and use --skip-db-update`
    );
  }
}

const listed = (failures: readonly MirrorFailure[]): string =>
  `no mirror gave a usable one: ${joined(failures.map(describeFailure))}`;

const joined = (reasons: readonly string[]): string => (reasons.length === 0 ? 'none is named' : reasons.join('; '));
