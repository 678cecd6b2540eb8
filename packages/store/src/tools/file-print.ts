import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

import { ScannerError } from '@scanner/core';

import { errnoOf } from '../storage-error.ts';
import { hashFile } from './tools-file-reader.ts';

/** What tells one file from another: as long as the stamp is the same, nobody has written to it. */
export interface FilePrint {
  readonly hash: string;
  /** Inode, size, and the nanosecond of the last change. */
  readonly stamp: string;
}

/** The stamp of what lies at `path`; `undefined` where nothing does. */
export const readStamp = async (path: string): Promise<string | undefined> => {
  try {
    return stampOf(await stat(path, { bigint: true }), path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** The stamp of an open file, which keeps it when the file is renamed. */
export const stampOfOpen = async (file: FileHandle, path: string): Promise<string> =>
  stampOf(await file.stat({ bigint: true }), path);

/**
 * The print of the file at `path`, taken from `known` where its stamp is the same: then it need not be read.
 *
 * @returns `undefined` where there is no file
 * @throws ScannerError `directory_unusable` where something else than a file lies there
 */
export const readPrint = async (path: string, known: readonly FilePrint[]): Promise<FilePrint | undefined> => {
  const stamp = await readStamp(path);
  if (stamp === undefined) return undefined;
  const same = known.find((print) => print.stamp === stamp);
  if (same !== undefined) return same;
  await using file = await open(path, 'r');
  return { stamp: await stampOfOpen(file, path), hash: await hashFile(file) };
};

const stampOf = (status: BigIntStats, path: string): string => {
  if (status.isFile()) return `${status.ino}:${status.size}:${status.mtimeNs}`;
  throw new ScannerError(`${path} should be a file and is something else`, {
    code: 'directory_unusable',
    hint: `look at ${path} and move it away`,
  });
};
