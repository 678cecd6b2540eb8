import { type ErrorCode, ScannerError } from './errors.ts';

/** The system's own code of an error, such as `EACCES`; undefined for what is no system error. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * What the system says of a place where files cannot be read or written, told as what it is; undefined where it says
 * nothing that is told alike everywhere, such as whose the place is.
 */
export const placeError = (
  place: string,
  cause: unknown,
  code: string | undefined = systemCode(cause),
): ScannerError | undefined => {
  const trouble = isMaking(cause) && code === 'ENOENT' ? TAKES_NONE : knownTrouble(code);
  if (trouble === undefined) return undefined;
  const { says, hint, code: errorCode = 'directory_unusable' } = trouble;
  return new ScannerError(says(place), { code: errorCode, hint, cause });
};

interface Trouble {
  readonly says: (place: string) => string;
  readonly hint: string;
  readonly code?: ErrorCode;
}

const KEPT = 'then run it again: what was finished before is kept';
const ANOTHER = 'or name another directory';

/** Of a directory whose parents are there: what is no place for directories says so. */
const TAKES_NONE: Trouble = {
  says: (place) => `cannot make ${place}: no directories can be made there`,
  hint: 'name another directory',
};

const TROUBLES: Readonly<Record<string, Trouble>> = {
  ENOSPC: {
    code: 'disk_full',
    says: (place) => `no space left to write ${place}`,
    hint: `free some space there, ${KEPT}`,
  },
  EDQUOT: {
    code: 'disk_full',
    says: (place) => `no space left to write ${place}: this user's quota is used up`,
    hint: `free some space there or raise the quota, ${KEPT}`,
  },
  EFBIG: {
    code: 'disk_full',
    says: (place) => `no space left to write ${place}: the file would become larger than is allowed here`,
    hint: `raise the limit of the size of files (ulimit -f), ${KEPT}`,
  },
  EROFS: {
    says: (place) => `cannot write ${place}: its file system is read-only`,
    hint: `mount it so that it can be written, ${ANOTHER}`,
  },
  EMFILE: {
    says: (place) => `cannot open ${place}: this process may not hold more files open`,
    hint: 'raise the limit of open files (ulimit -n 1024), then run it again',
  },
  ENFILE: {
    says: (place) => `cannot open ${place}: the whole system has no room for more open files`,
    hint: 'end what holds so many files open, then run it again',
  },
  EIO: { says: (place) => `the disk failed at ${place}`, hint: 'look into the messages of the system (dmesg)' },
  ESTALE: {
    says: (place) => `${place} is gone from the server that it is mounted from`,
    hint: 'mount it again, then run it again',
  },
  ELOOP: { says: (place) => `${place} is a link that leads to itself`, hint: `correct the link, ${ANOTHER}` },
  ENAMETOOLONG: { says: (place) => `the name ${place} is too long`, hint: 'name another directory' },
  ENOTDIR: {
    says: (place) => `cannot use ${place}: something that is no directory is in its place or above it`,
    hint: `move it away, ${ANOTHER}`,
  },
  EEXIST: {
    says: (place) => `cannot use ${place}: something that is no directory is in its place`,
    hint: `move it away, ${ANOTHER}`,
  },
};

const knownTrouble = (code: string | undefined): Trouble | undefined =>
  code !== undefined && Object.hasOwn(TROUBLES, code) ? TROUBLES[code] : undefined;

const isMaking = (error: unknown): boolean => error instanceof Error && 'syscall' in error && error.syscall === 'mkdir';
