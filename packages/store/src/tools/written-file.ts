import { copyFile, constants, link, open, realpath, stat } from 'node:fs/promises';

import { type Log, ScannerError } from '@scanner/core';

import { errnoOf } from '../storage-error.ts';
import { readToolsFile, surveyToolsFile } from './tools-file-reader.ts';
import { UnreadableFile } from './tools-file-splitter.ts';
import { readWrittenRow, type WrittenRow } from './written-row.ts';

const BATCH_TOOLS = 200;
const PROBLEMS_NAMED = 5;
const LONGEST_ID = 200;

/** Where what somebody wrote goes. */
export interface WrittenTools {
  saveTools(tools: readonly Readonly<Record<string, unknown>>[]): void;
  /** The file's fields beside `schema` and `tools`, as one JSON object. */
  saveExtra(extra: string): void;
}

/** What was left out: how much, and the first few by name. */
interface LeftOut {
  rows: number;
  fields: number;
  readonly named: string[];
}

/**
 * Takes over a `tools.json` that somebody else wrote. A file that cannot be read, or holds rows or fields that make no
 * sense, is kept beside it as `tools.json.<unreadable|refused>-<UTC time>`, and a warning says so.
 *
 * @throws ScannerError `file_too_new`; then nothing was touched
 */
export const takeOver = async (path: string, into: WrittenTools, log: Log): Promise<void> => {
  try {
    const { rows, fields, named } = await readInto(path, into);
    if (rows + fields === 0) return;
    const more = rows + fields - named.length;
    log.warn(
      `what makes no sense in the edited tools file is left out, and the file is kept: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
      { file: path, aside: await keepAside(path, 'refused'), rows, fields },
    );
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    log.warn('the tools file could not be read: it is moved aside and written again', {
      code: 'store_corrupt',
      file: path,
      aside: await keepAside(path, 'unreadable'),
      reason: error.message,
    });
  }
};

const readInto = async (path: string, into: WrittenTools): Promise<LeftOut> => {
  await using file = await open(path, 'r');
  const { extra } = await surveyToolsFile(file, path);
  const leftOut: LeftOut = { rows: 0, fields: 0, named: [] };
  let batch: Readonly<Record<string, unknown>>[] = [];
  let index = 0;
  for await (const row of readToolsFile(file)) {
    const read = readWrittenRow(row);
    note(leftOut, read, index);
    index += 1;
    if (read.fields !== null) batch.push(read.fields);
    if (batch.length < BATCH_TOOLS) continue;
    into.saveTools(batch);
    batch = [];
  }
  into.saveTools(batch);
  into.saveExtra(extra);
  return leftOut;
};

const note = (leftOut: LeftOut, { id, problems }: WrittenRow, index: number): void => {
  const tool = id === null ? `row ${index + 1}` : JSON.stringify(id.slice(0, LONGEST_ID)).slice(1, -1);
  for (const { field, reason } of problems) {
    if (field === null) leftOut.rows += 1;
    else leftOut.fields += 1;
    if (leftOut.named.length >= PROBLEMS_NAMED) continue;
    leftOut.named.push(`${field === null ? tool : `${field} of ${tool}`}: ${reason}`);
  }
};

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
