import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';

import { ScannerError } from '@scanner/core';

/** Primary result codes of SQLite, https://sqlite.org/rescode.html */
const SQLITE = { busy: 5, locked: 6, readonly: 8, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;
const PRIMARY_CODE = 0xff;

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** SQLite's primary result code of an error of `node:sqlite`, else `undefined`. */
const sqliteCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & PRIMARY_CODE
    : undefined;

export const isCorrupt = (error: unknown): boolean => {
  const code = sqliteCode(error);
  return code === SQLITE.corrupt || code === SQLITE.notADatabase;
};

export const isBusy = (error: unknown): boolean => {
  const code = sqliteCode(error);
  return code === SQLITE.busy || code === SQLITE.locked;
};

export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const isDiskFull = (error: unknown): boolean => sqliteCode(error) === SQLITE.full || NO_SPACE.has(errnoOf(error) ?? '');

/**
 * What the failing of a read or write of `path` means for the run, saying whose file it is and who we are.
 * A {@link ScannerError} is passed on as it is.
 */
export const storageError = (path: string, error: unknown): ScannerError => {
  if (ScannerError.is(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) {
    return new ScannerError(`no space left to write ${path}`, {
      code: 'disk_full',
      hint: 'free some space there, then run it again: what was finished before is kept',
      cause: error,
    });
  }
  if (isBusy(error)) {
    return new ScannerError(`another process keeps ${path} busy`, {
      code: 'directory_busy',
      hint: 'wait for the other process to end, then run it again',
      cause: error,
    });
  }
  if (isCorrupt(error)) {
    return new ScannerError(`${path} is damaged`, {
      code: 'store_corrupt',
      hint: 'check the disk, move the file away and run it again',
      cause: error,
    });
  }
  return new ScannerError(`cannot use ${path}: ${why}; ${ownership(path)}`, {
    code: 'directory_unusable',
    hint: 'give the directory to the user that runs this, or name another directory',
    cause: error,
  });
};

/** Who owns the path, or the nearest parent that exists, and who this process is. */
const ownership = (path: string): string => {
  const self = `this process runs as ${process.geteuid?.() ?? '?'}:${process.getegid?.() ?? '?'}`;
  const existing = nearestExisting(path);
  if (existing === undefined) return self;
  const { path: named, uid, gid, mode } = existing;
  return `${named} belongs to ${uid}:${gid} with mode ${(mode & 0o7777).toString(8).padStart(4, '0')}, ${self}`;
};

const nearestExisting = (path: string): { path: string; uid: number; gid: number; mode: number } | undefined => {
  for (let at = path; ; at = dirname(at)) {
    try {
      const { uid, gid, mode } = lstatSync(at);
      return { path: at, uid, gid, mode };
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
};
