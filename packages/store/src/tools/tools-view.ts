import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { type Clock, type LockKeeper, type Log, makeDirectories, ScannerError } from '@scanner/core';

import { removeLeftovers, writeFileAtomically } from '../atomic-file.ts';
import type { EmbeddedDatabase } from '../embedded-database.ts';
import { acquireSaying } from '../lock-keeper.ts';
import { storageError } from '../storage-error.ts';
import { type FilePrint, readPrint, readStamp, stampOfOpen } from './file-print.ts';
import { countTools, readPage, type ToolRow } from './tool-table.ts';
import { writeToolsFile } from './tools-file-writer.ts';
import { transaction } from '../transaction.ts';
import { announceFile, confirmFile, countChange, readViewState, type ViewState, writeExtra } from './view-state.ts';
import { takeOver, type WrittenTools } from './written-file.ts';

/** So often the file may change under our hands before we leave it alone. */
const ATTEMPTS = 5;

export interface ToolsViewOptions {
  readonly database: EmbeddedDatabase;
  readonly tools: Pick<WrittenTools, 'saveTools'>;
  /** Where `tools.json` lies; its directory is made where it is missing. */
  readonly path: string;
  /** Held by whoever publishes. */
  readonly lock: string;
  readonly locks: LockKeeper;
  readonly log: Log;
  readonly clock: Clock;
}

/** What one look at the file came to. */
export interface Publication {
  /** Whether the file was written. */
  readonly written: boolean;
  readonly tools: number;
}

/** Keeps `tools.json` as the catalogue is, and the catalogue as others edit `tools.json`. */
export class ToolsView {
  readonly #options: ToolsViewOptions;

  constructor(options: ToolsViewOptions) {
    this.#options = options;
  }

  /**
   * Takes over what others wrote and publishes what has changed, once nobody else does.
   *
   * @throws ScannerError `file_too_new`, `disk_full`, `directory_unusable` or `store_corrupt`; the file is then as it was
   */
  async publish(signal?: AbortSignal): Promise<Publication> {
    const { locks, lock } = this.#options;
    using _ = await acquireSaying(locks, { file: lock, holder: holder(), log: this.#options.log }, signal);
    return await this.#publish();
  }

  /** The same unless somebody else is at it: then `undefined`. */
  async publishUnlessBusy(): Promise<Publication | undefined> {
    const attempt = this.#options.locks.tryAcquire(this.#options.lock, holder());
    if ('heldBy' in attempt) return undefined;
    using _ = attempt.held;
    return await this.#publish();
  }

  async #publish(): Promise<Publication> {
    const { path } = this.#options;
    try {
      await makeDirectories(dirname(path), 0o755);
      await removeLeftovers(path);
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const publication = await this.#tryPublish();
        if (publication !== undefined) return publication;
      }
    } catch (error) {
      throw storageError(path, error);
    }
    throw new ScannerError(`something else keeps writing ${path}`, {
      code: 'directory_busy',
      hint: 'end what writes it, then run the command again: nothing is lost',
    });
  }

  /** `undefined` when the file was edited meanwhile. */
  async #tryPublish(): Promise<Publication | undefined> {
    const current = await this.#takeOverEdit();
    const state = this.#state();
    if (current !== undefined && state.revision === state.published) return { written: false, tools: this.#count() };
    if (state.revision === 0) return { written: false, tools: 0 };
    const tools = await this.#replaceFile(state, current);
    return tools === undefined ? undefined : { written: true, tools };
  }

  /** @returns the print of the file that is there, whose content the catalogue now has */
  async #takeOverEdit(): Promise<FilePrint | undefined> {
    const { path, log, tools } = this.#options;
    const { ours } = this.#state();
    const print = await readPrint(path, ours);
    if (print === undefined || ours.some(({ hash }) => hash === print.hash)) return print;
    await takeOver(
      path,
      { saveTools: (rows) => tools.saveTools(rows), saveExtra: (extra) => this.#saveExtra(extra) },
      log,
    );
    this.#write((connection) => countChange(connection));
    return print;
  }

  /** @returns how many tools it has now; `undefined` when it was edited before it could be replaced */
  async #replaceFile(state: ViewState, current: FilePrint | undefined): Promise<number | undefined> {
    const { path } = this.#options;
    let written = { count: 0, hash: '' };
    const replaced = await writeFileAtomically(
      path,
      async (file) => {
        written = await writeToolsFile(file, state.extra, this.#pages());
      },
      {
        mayReplace: async (file) => {
          const next = { hash: written.hash, stamp: await stampOfOpen(file, path) };
          if ((await readStamp(path)) !== current?.stamp) return false;
          this.#write((connection) => announceFile(connection, current, next));
          return true;
        },
      },
    );
    if (!replaced) return undefined;
    this.#write((connection) => confirmFile(connection, state.revision));
    this.#options.database.use((connection) => connection.exec('PRAGMA wal_checkpoint(PASSIVE)'));
    return written.count;
  }

  *#pages(): Generator<readonly ToolRow[], void, undefined> {
    for (let after = ''; ;) {
      const page = this.#options.database.use((connection) => readPage(connection, after));
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      after = last.id;
    }
  }

  #state(): ViewState {
    return this.#options.database.use(readViewState);
  }

  #count(): number {
    return this.#options.database.use(countTools);
  }

  #saveExtra(extra: string): void {
    this.#write((connection) => writeExtra(connection, extra));
  }

  #write(work: (connection: DatabaseSync) => void): void {
    this.#options.database.use((connection) => transaction(connection, () => work(connection)));
  }
}

const holder = (): string => `gts (pid ${process.pid})`;
