import { placeError, ScannerError, systemCode } from '@scanner/core';

const MISSING = new Set(['ENOENT', 'ENOTDIR']);
const NO_SPACE = new Set(['ENOSPC', 'EDQUOT']);

export const isMissing = (error: unknown): boolean => MISSING.has(systemCode(error) ?? '');

export const isDiskFull = (error: unknown): boolean => NO_SPACE.has(systemCode(error) ?? '');

/** A directory of the database that cannot be read or written. A {@link ScannerError} is passed on as it is. */
export const unusableDirectory = (directory: string, cause: unknown): ScannerError => {
  if (ScannerError.is(cause)) return cause;
  const known = placeError(directory, cause);
  if (known !== undefined) return known;
  return new ScannerError(`cannot use ${directory}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    code: 'directory_unusable',
    hint: 'give the directory to the user that runs this, or name another cache directory',
    cause,
  });
};
