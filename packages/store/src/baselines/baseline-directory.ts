import { opendir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Baseline,
  type BaselineSaving,
  type BaselineStore,
  type Clock,
  readBaseline,
  type SavingOptions,
  ScannerError,
  type StoredBaseline,
  systemClock,
  writeBaseline,
} from '@scanner/core';

import { removeLeftovers, syncDirectory, writeFileAtomically } from '../atomic-file.ts';
import { checkDirectory } from '../directory.ts';
import { errnoOf, storageError } from '../storage-error.ts';
import { baselineFile, baselineFiles, isBaselineFile, referencesByFile } from './baseline-names.ts';
import { readTextFile } from './read-text-file.ts';

const LARGEST_FILE = 64 * 1024 ** 2;
const MOST_FILES = 100_000;
/** Whoever began to write a file earlier than this does not write it any more. */
const LONGEST_WRITE_MS = 3_600_000;
const READABLE_DIRECTORY = 0o755;
const READABLE_FILE = 0o644;

/**
 * Baselines as `<directory>/<imageFileName(reference)>.json`, made for review in git. Links are neither followed nor
 * written through. A file of another version, cut or edited wrongly is told, and stays as it is.
 *
 * @example
 * const baselines = new BaselineDirectory('/snapshots');
 * const saving = await baselines.save('nginx:1.29', baseline);
 * if (saving.status === 'refused') console.error(`${saving.file} ${saving.problem}`);
 */
export class BaselineDirectory implements BaselineStore {
  readonly #path: string;
  readonly #clock: Clock;

  constructor(path: string, { clock = systemClock }: { readonly clock?: Clock } = {}) {
    this.#path = path;
    this.#clock = clock;
  }

  async read(reference: string, onHost: readonly string[]): Promise<StoredBaseline | undefined> {
    const references = referencesByFile([...onHost, reference]);
    for (const file of baselineFiles(reference)) {
      const stored = await this.#load(file, references.get(file));
      if (stored?.reference === reference) return stored;
    }
    return undefined;
  }

  async *list(onHost: readonly string[]): AsyncGenerator<StoredBaseline, void, undefined> {
    const references = referencesByFile(onHost);
    const files = await this.#files();
    const present = new Set(files);
    for (const file of files) {
      const stored = await this.#load(file, references.get(file));
      if (stored !== undefined && !isSuperseded(stored, present)) yield stored;
    }
  }

  async save(
    reference: string,
    baseline: Baseline,
    { unreadable = 'keep' }: SavingOptions = {},
  ): Promise<BaselineSaving> {
    const file = baselineFile(reference);
    const body = writeBaseline({ ...baseline, reference });
    const checked = readBaseline(body);
    if (checked.status === 'unreadable')
      return { status: 'refused', file, problem: `could not be read again: it ${checked.problem}` };
    await checkDirectory(this.#path, { mode: READABLE_DIRECTORY });
    const before = await this.#load(file, reference);
    const inTheWay = before?.status === 'unreadable' ? before : undefined;
    if (inTheWay !== undefined && unreadable === 'keep') return { status: 'refused', file, problem: inTheWay.problem };
    const setAside = inTheWay === undefined ? null : await this.#setAside(file);
    await writeFileAtomically(join(this.#path, file), body, { mode: READABLE_FILE, replaceLinks: true });
    await removeLeftovers(join(this.#path, file), { before: new Date(this.#clock.now().getTime() - LONGEST_WRITE_MS) });
    return { status: 'saved', file, setAside };
  }

  async remove(reference: string, onHost: readonly string[]): Promise<readonly string[]> {
    const references = referencesByFile([...onHost, reference]);
    const removed: string[] = [];
    for (const file of baselineFiles(reference)) {
      const stored = await this.#load(file, references.get(file));
      if (stored?.reference !== reference) continue;
      await this.#change(file, (path) => rm(path));
      removed.push(file);
    }
    return removed;
  }

  /** @param expected for which reference the file stands by its name */
  async #load(file: string, expected: string | undefined): Promise<StoredBaseline | undefined> {
    const text = await readTextFile(join(this.#path, file), LARGEST_FILE);
    if (text.status === 'missing') return undefined;
    const reading = text.status === 'read' ? readBaseline(text.text) : text;
    if (reading.status === 'unreadable') return { ...reading, file, reference: expected ?? null };
    const named = reading.baseline.reference;
    if (named === null) return { ...reading, file, reference: expected ?? null };
    const isFullName = expected !== undefined && file === baselineFile(expected);
    if (isFullName ? named === expected : baselineFiles(named).includes(file))
      return { ...reading, file, reference: named };
    return { status: 'unreadable', file, reference: isFullName ? expected : null, problem: isOf(named) };
  }

  async #files(): Promise<readonly string[]> {
    const files: string[] = [];
    try {
      for await (const { name } of await opendir(this.#path)) {
        if (!isBaselineFile(name)) continue;
        if (files.push(name) > MOST_FILES) throw tooManyFiles(this.#path);
      }
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw storageError(this.#path, error);
    }
    return files.toSorted();
  }

  async #setAside(file: string): Promise<string> {
    const aside = `${file}.unreadable-${this.#clock.now().toISOString().replaceAll(/[-:]/g, '')}`;
    await this.#change(file, (path) => rename(path, join(this.#path, aside)));
    return aside;
  }

  async #change(file: string, change: (path: string) => Promise<void>): Promise<void> {
    const path = join(this.#path, file);
    try {
      await change(path);
      await syncDirectory(this.#path);
    } catch (error) {
      throw storageError(path, error);
    }
  }
}

/** Whether a file with the reference's full name counts in its place. */
const isSuperseded = ({ file, reference }: StoredBaseline, present: ReadonlySet<string>): boolean =>
  reference !== null && file !== baselineFile(reference) && present.has(baselineFile(reference));

const isOf = (named: string): string =>
  `is the baseline of ${JSON.stringify(named.slice(0, 200))}, whose file is ${baselineFile(named)}`;

const tooManyFiles = (path: string): ScannerError =>
  new ScannerError(`more than ${MOST_FILES} baselines in ${path}`, {
    code: 'directory_unusable',
    hint: 'remove those that no image needs any more, or name another directory',
  });
