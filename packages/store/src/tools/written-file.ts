import { copyFile, constants, link, open, realpath, stat } from 'node:fs/promises';

import { type Log, ScannerError, Tool } from '@scanner/core';

import { errnoOf } from '../storage-error.ts';
import { readToolsFile, surveyToolsFile } from './tools-file-reader.ts';
import { UnreadableFile } from './tools-file-splitter.ts';

const BATCH_TOOLS = 200;
const NAMED_ROWS = 20;

/** Where what somebody wrote goes. */
export interface WrittenTools {
  saveTools(tools: readonly Readonly<Record<string, unknown>>[]): void;
  /** The file's fields beside `schema` and `tools`, as one JSON object. */
  saveExtra(extra: string): void;
}

interface RefusedRow {
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly id: string | null;
  readonly reason: string;
}

/**
 * Takes over a `tools.json` that somebody else wrote. A file that cannot be read, or holds rows that are no tools, is
 * kept beside it as `tools.json.<unreadable|refused>-<UTC time>`, and a warning says so.
 *
 * @throws ScannerError `file_too_new`; then nothing was touched
 */
export const takeOver = async (path: string, into: WrittenTools, log: Log): Promise<void> => {
  try {
    const refused = await readInto(path, into);
    if (refused.length === 0) return;
    log.warn('some rows of the edited tools file are no tools: they are left out, and the file is kept', {
      file: path,
      aside: await keepAside(path, 'refused'),
      refused: refused.length,
      rows: refused.slice(0, NAMED_ROWS),
    });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    log.warn('the tools file could not be read: it is set aside and written anew', {
      code: 'store_corrupt',
      file: path,
      aside: await keepAside(path, 'unreadable'),
      reason: error.message,
    });
  }
};

const readInto = async (path: string, into: WrittenTools): Promise<readonly RefusedRow[]> => {
  await using file = await open(path, 'r');
  const { extra } = await surveyToolsFile(file, path);
  const refused: RefusedRow[] = [];
  let batch: Readonly<Record<string, unknown>>[] = [];
  let index = 0;
  for await (const row of readToolsFile(file)) {
    const problem = problemOf(row);
    if (problem === undefined && isFields(row)) batch.push(row);
    else refused.push({ index, id: idOf(row), reason: problem ?? 'it is no object' });
    index += 1;
    if (batch.length < BATCH_TOOLS) continue;
    into.saveTools(batch);
    batch = [];
  }
  into.saveTools(batch);
  into.saveExtra(extra);
  return refused;
};

const problemOf = (row: unknown): string | undefined => {
  if (row === undefined) return 'it is larger or deeper than a tool can be';
  const parsed = Tool.safeParse(row);
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return /\p{Cc}/u.test(parsed.data.id) || !parsed.data.id.isWellFormed() ? 'its id is no text' : undefined;
};

const isFields = (row: unknown): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null;

const idOf = (row: unknown): string | null => (isFields(row) && typeof row['id'] === 'string' ? row['id'] : null);

/** Under a second name, so that the file is never missing. Named by its own time: once, however often it is tried. */
const keepAside = async (path: string, why: 'unreadable' | 'refused'): Promise<string> => {
  const target = await realpath(path);
  const { mtime, ino } = await stat(target);
  const named = `${target}.${why}-${mtime.toISOString().replaceAll(/[-:]/g, '')}`;
  for (const aside of [named, `${named}-${ino}`]) {
    if (await keepAs(target, aside, ino)) return aside;
  }
  throw new ScannerError(`${target} cannot be read, nor kept aside as ${named}`, {
    code: 'store_corrupt',
    hint: `move ${target} away`,
  });
};

const keepAs = async (target: string, aside: string, inode: number): Promise<boolean> => {
  try {
    await link(target, aside);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return (await stat(aside)).ino === inode;
    await copyFile(target, aside, constants.COPYFILE_EXCL);
    return true;
  }
};
