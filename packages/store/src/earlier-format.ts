import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { IN_MEMORY, makePrivateFile } from './private-file.ts';

const copyOf = (file: string, format: number): string => `${file}.before-${format}`;

/**
 * Copies a database as it is on the disk to `<file>.before-<format>`, by which an earlier version can be used again, and
 * removes older copies. To be called within the transaction that brings it to that format: a connection of its own sees
 * what was there before.
 *
 * @throws what SQLite or the file system throws: without a copy nothing is to be changed
 */
export const copyBefore = (file: string, format: number): void => {
  if (file === IN_MEMORY) return;
  const copy = copyOf(file, format);
  const unfinished = `${copy}.new`;
  rmSync(unfinished, { force: true });
  makePrivateFile(unfinished);
  const connection = new DatabaseSync(file, { readOnly: true });
  try {
    connection.prepare('VACUUM INTO ?').run(unfinished);
  } finally {
    connection.close();
  }
  flush(unfinished);
  renameSync(unfinished, copy);
  for (const older of copiesOf(file).filter((path) => path !== copy)) rmSync(older, { force: true });
};

/** What to do to use an earlier version again, where there is a copy of that time; begins as the end of a sentence. */
export const wayBack = (file: string, format: number): string => {
  const copy = copyOf(file, format);
  return existsSync(copy)
    ? `; to go back to what was there before it, put ${copy} in the place of ${file} and remove ${file}-wal and ${file}-shm`
    : '';
};

const copiesOf = (file: string): string[] => {
  const beginning = `${basename(file)}.before-`;
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(beginning))
    .map((name) => join(dirname(file), name));
};

const flush = (path: string): void => {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};
