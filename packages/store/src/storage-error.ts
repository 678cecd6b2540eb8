import { accessSync, closeSync, constants, lstatSync, openSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

import { placeError, ScannerError, systemCode } from '@scanner/core';

/** Primary result codes of SQLite, https://sqlite.org/rescode.html */
const SQLITE = {
  busy: 5,
  locked: 6,
  readonly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;
const PRIMARY_CODE = 0xff;

/** Behind these lies what the system said, and `node:sqlite` does not pass it on. */
const DENIED: ReadonlySet<number> = new Set([SQLITE.readonly, SQLITE.ioError, SQLITE.cannotOpen]);

/** Whoever moves away what is in the way has to know whose it is. */
const IN_THE_WAY: ReadonlySet<string> = new Set(['ENOTDIR', 'EEXIST']);

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

export const errnoOf = systemCode;

/** Whether SQLite was denied a file by the system, for whatever reason. */
export const isDenied = (error: unknown): boolean => {
  const code = sqliteCode(error);
  return code === SQLITE.full || DENIED.has(code ?? 0);
};

const UNWRITABLE: ReadonlySet<string> = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether what failed at `path` would do no harm to somebody who only wants to read there. */
export const cannotBeWritten = (path: string, { cause }: ScannerError): boolean =>
  UNWRITABLE.has(errnoBehind(path, cause) ?? '');

/**
 * What the failing of a read or write of `path` means for the run, saying whose file it is and who we are.
 * A {@link ScannerError} is passed on as it is.
 */
export const storageError = (path: string, error: unknown): ScannerError => {
  if (ScannerError.is(error)) return error;
  const errno = errnoBehind(path, error);
  const known = placeError(path, error, errno);
  if (known !== undefined && !IN_THE_WAY.has(errno ?? '')) return known;
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
  const why = error instanceof Error ? error.message : String(error);
  return new ScannerError(`${known?.message ?? `cannot use ${path}: ${why}`}; ${ownership(path)}`, {
    code: 'directory_unusable',
    hint: known?.hint ?? 'give the directory to the user that runs this, or name another directory',
    cause: error,
  });
};

/** The system's code of an error, or what it says when it is asked once more where SQLite keeps that to itself. */
const errnoBehind = (path: string, error: unknown): string | undefined => {
  const code = sqliteCode(error);
  if (code === undefined) return systemCode(error);
  if (code === SQLITE.full) return 'ENOSPC';
  return DENIED.has(code) ? askTheSystem(path) : undefined;
};

const askTheSystem = (path: string): string | undefined => {
  const place = nearestExisting(path)?.path ?? path;
  try {
    accessSync(place, constants.W_OK);
    if (place === path) accessSync(dirname(path), constants.W_OK);
    openSeveral(place);
    return statfsSync(place).bavail === 0 ? 'ENOSPC' : undefined;
  } catch (error) {
    return systemCode(error);
  }
};

/** As many as SQLite holds open for one database: those that it had opened before it failed are closed again. */
const FILES_OF_A_DATABASE = 5;

const openSeveral = (path: string): void => {
  const descriptors: number[] = [];
  try {
    while (descriptors.length < FILES_OF_A_DATABASE) descriptors.push(openSync(path, 'r'));
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
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
