import { chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectories, placeError, ScannerError } from '@scanner/core';

/** Who a file belongs to. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const MOUNTED = ['logs', 'snapshots', 'cache', 'state', 'secrets', 'settings'];

/**
 * Makes what is missing of a host's directory, before Docker makes it and root owns it. What is made belongs to whom the
 * directory belongs to.
 *
 * @returns the owner of the directory
 * @throws ScannerError `directory_unusable`
 */
export const makeServiceDirectory = async (directory: string): Promise<Owner> => {
  try {
    await makeDirectories(directory, 0o755);
    const owner = await stat(directory);
    for (const name of MOUNTED) await makeDirectory(join(directory, name), owner);
    return owner;
  } catch (cause) {
    const known = placeError(directory, cause);
    if (known !== undefined) throw known;
    throw new ScannerError(
      `${directory} cannot be prepared for the service: ${cause instanceof Error ? cause.message : String(cause)}`,
      { code: 'directory_unusable', hint: 'correct its owner, or name another with --dir', cause },
    );
  }
};

/** Whom a directory belongs to; us, where it is not there. */
export const ownerOf = (directory: string): Promise<Owner> =>
  stat(directory).catch(() => ({ uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }));

const makeDirectory = async (path: string, { uid, gid }: Owner): Promise<void> => {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
  if (process.getuid?.() === 0) await chown(path, uid, gid);
};
