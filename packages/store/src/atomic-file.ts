import { randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { errnoOf, storageError } from './storage-error.ts';

const DEFAULT_MODE = 0o666;
const PERMISSION_BITS = 0o777;

/**
 * Replaces the file at `path` as a whole: a reader, or a crash at any moment, sees all of the old or all of the new.
 * Once it returns, the new content is on the disk. A symbolic link keeps pointing where it did and its target is
 * replaced; what is no file, such as `/dev/stdout` or a pipe, is written to.
 *
 * @throws ScannerError `disk_full` or `directory_unusable`; the old file is then as it was
 */
export const writeFileAtomically = async (path: string, data: string | Uint8Array): Promise<void> => {
  try {
    const existing = await existingFile(path);
    if (existing?.replaceable === false) await writeFile(path, data);
    else await replaceFile(existing?.path ?? path, data, existing?.mode ?? DEFAULT_MODE);
  } catch (error) {
    throw storageError(path, error);
  }
};

const existingFile = async (
  path: string,
): Promise<{ path: string; mode: number; replaceable: boolean } | undefined> => {
  try {
    const [target, status] = [await realpath(path), await stat(path)];
    return { path: target, mode: status.mode & PERMISSION_BITS, replaceable: status.isFile() };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

const replaceFile = async (path: string, data: string | Uint8Array, mode: number): Promise<void> => {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeThrough(temporary, data, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
};

const writeThrough = async (path: string, data: string | Uint8Array, mode: number): Promise<void> => {
  await using file: FileHandle = await open(path, 'wx', mode);
  await file.writeFile(data);
  await file.sync();
};

/** Without it a crash may bring back the old name. Some file systems know no such thing, which is as good as it gets there. */
const syncDirectory = async (path: string): Promise<void> => {
  await using directory = await open(path, 'r');
  await directory.sync().catch((error: unknown) => {
    if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes(errnoOf(error) ?? '')) throw error;
  });
};
