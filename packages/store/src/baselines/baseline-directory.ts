import { opendir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { setTimeout as sleep } from 'node:timers/promises';

import {
  type AcceptanceRules,
  type Baseline,
  type BaselineSaving,
  type BaselineStore,
  type Clock,
  NO_RULES,
  readBaseline,
  readRules,
  type SavingOptions,
  ScannerError,
  type StoredBaseline,
  type StoredRules,
  systemClock,
  writeBaseline,
  writeRules,
} from '@scanner/core';

import { removeLeftovers, syncDirectory, writeFileAtomically } from '../atomic-file.ts';
import { checkDirectory } from '../directory.ts';
import { errnoOf, storageError } from '../storage-error.ts';
import { takeTransientLock } from '../transient-lock.ts';
import { baselineFile, baselineFiles, isBaselineFile, referencesByFile, RULES_FILE } from './baseline-names.ts';
import { readTextFile } from './read-text-file.ts';
import { dropUnfinished, finishWrites, writeFilesAtOnce } from './staged-files.ts';

const LARGEST_FILE = 64 * 1024 ** 2;
const MOST_FILES = 100_000;
/** Whoever began to write a file earlier than this does not write it any more. */
const LONGEST_WRITE_MS = 3_600_000;
const READABLE_DIRECTORY = 0o755;
const READABLE_FILE = 0o644;
const LOCK_FILE = '.lock';
const LONGEST_WAIT_MS = 15_000;
const WAIT_STEP_MS = 25;

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
    await this.#finishWrites();
    const references = referencesByFile([...onHost, reference]);
    for (const file of baselineFiles(reference)) {
      const stored = await this.#load(file, references.get(file));
      if (stored?.reference === reference) return stored;
    }
    return undefined;
  }

  async *list(onHost: readonly string[]): AsyncGenerator<StoredBaseline, void, undefined> {
    await this.#finishWrites();
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
    await checkDirectory(this.#path, { mode: READABLE_DIRECTORY });
    await this.#finishWrites();
    const { file, body, problem, inTheWay } = await this.#prepare(reference, baseline);
    if (problem !== null || (inTheWay && unreadable === 'keep'))
      return { status: 'refused', file, problem: problem ?? inTheWay?.problem ?? '' };
    const setAside = inTheWay === null ? null : await this.#setAside(file);
    await writeFileAtomically(join(this.#path, file), body, { mode: READABLE_FILE, replaceLinks: true });
    await removeLeftovers(join(this.#path, file), { before: new Date(this.#clock.now().getTime() - LONGEST_WRITE_MS) });
    return { status: 'saved', file, setAside };
  }

  async saveAll(
    baselines: readonly { readonly reference: string; readonly baseline: Baseline }[],
  ): Promise<readonly { readonly reference: string; readonly saving: BaselineSaving }[]> {
    if (baselines.length === 0) return [];
    await checkDirectory(this.#path, { mode: READABLE_DIRECTORY });
    await this.#finishWrites();
    const bodies = new Map<string, string>();
    const savings: { reference: string; saving: BaselineSaving }[] = [];
    for (const { reference, baseline } of baselines) {
      const { file, body, problem, inTheWay } = await this.#prepare(reference, baseline);
      const refusal = problem ?? inTheWay?.problem ?? null;
      if (refusal === null) bodies.set(file, body);
      const saving: BaselineSaving =
        refusal === null ? { status: 'saved', file, setAside: null } : { status: 'refused', file, problem: refusal };
      savings.push({ reference, saving });
    }
    try {
      await dropUnfinished(this.#path, new Date(this.#clock.now().getTime() - LONGEST_WRITE_MS));
      await writeFilesAtOnce(this.#path, bodies, READABLE_FILE);
    } catch (error) {
      throw storageError(this.#path, error);
    }
    return savings;
  }

  async remove(reference: string, onHost: readonly string[]): Promise<readonly string[]> {
    await this.#finishWrites();
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

  async readRules(): Promise<StoredRules> {
    const text = await readTextFile(join(this.#path, RULES_FILE), LARGEST_FILE);
    if (text.status === 'missing') return { status: 'read', file: RULES_FILE, rules: NO_RULES };
    const reading = text.status === 'read' ? readRules(text.text) : text;
    return { ...reading, file: RULES_FILE };
  }

  async saveRules(rules: AcceptanceRules): Promise<BaselineSaving> {
    await checkDirectory(this.#path, { mode: READABLE_DIRECTORY });
    const before = await this.readRules();
    const checked = readRules(writeRules(rules));
    const problem = before.status === 'unreadable' ? before.problem : null;
    const unfit = checked.status === 'unreadable' ? `could not be read again: it ${checked.problem}` : null;
    if (problem !== null || unfit !== null)
      return { status: 'refused', file: RULES_FILE, problem: problem ?? unfit ?? '' };
    await writeFileAtomically(join(this.#path, RULES_FILE), writeRules(rules), {
      mode: READABLE_FILE,
      replaceLinks: true,
    });
    return { status: 'saved', file: RULES_FILE, setAside: null };
  }

  async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    await checkDirectory(this.#path, { mode: READABLE_DIRECTORY });
    using _held = await this.#lock();
    return await work();
  }

  async #lock(): Promise<Disposable> {
    const file = join(this.#path, LOCK_FILE);
    for (let waited = 0; ; waited += WAIT_STEP_MS) {
      const lock = takeTransientLock(file);
      if (lock !== undefined) return lock;
      if (waited >= LONGEST_WAIT_MS)
        throw new ScannerError(`somebody else changes the baselines in ${this.#path}`, {
          code: 'directory_busy',
          hint: 'wait until that is done, then repeat the command',
        });
      await sleep(WAIT_STEP_MS);
    }
  }

  /** What is to be written for a reference, and what is in the way of that. */
  async #prepare(reference: string, baseline: Baseline): Promise<PreparedBaseline> {
    const file = baselineFile(reference);
    const body = writeBaseline({ ...baseline, reference });
    const checked = readBaseline(body);
    const problem = checked.status === 'unreadable' ? `could not be read again: it ${checked.problem}` : null;
    const before = problem === null ? await this.#load(file, reference) : undefined;
    return { file, body, problem, inTheWay: before?.status === 'unreadable' ? before : null };
  }

  /** Who may only read finds what was put in place until then. */
  async #finishWrites(): Promise<void> {
    try {
      await finishWrites(this.#path);
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(errnoOf(error) ?? ''))
        throw storageError(this.#path, error);
    }
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

interface PreparedBaseline {
  readonly file: string;
  readonly body: string;
  /** Why it cannot be written at all. */
  readonly problem: string | null;
  readonly inTheWay: Extract<StoredBaseline, { readonly status: 'unreadable' }> | null;
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
