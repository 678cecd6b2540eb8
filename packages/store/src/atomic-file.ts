import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { writeToPipe } from './pipe.ts';
import { errnoOf, storageError } from './storage-error.ts';

const DEFAULT_MODE = 0o644;
const PERMISSION_BITS = 0o777;
const UNFINISHED = /^\..+\.[0-9a-f]{16}\.tmp$/;

/** The whole content, its pieces, or what writes it. */
export type FileContent = string | Uint8Array | Iterable<string> | ((file: FileHandle) => Promise<void>);

export interface AtomicWriteOptions {
  /** The last thing before the complete new file takes the old one's place: whether it still may. */
  readonly mayReplace?: (file: FileHandle) => Promise<boolean>;
  /** The file's permissions, exactly; without it they stay, and a new file is for its owner to write, and less where the umask says so. */
  readonly mode?: number;
  /** Whether a link, or what is no file, is replaced itself. @default false */
  readonly replaceLinks?: boolean;
  /** Ends the wait for whoever reads a pipe. */
  readonly signal?: AbortSignal;
  /** How long a pipe is waited for that nobody reads, or that takes no more. @default 60 */
  readonly pipeSeconds?: number;
}

/**
 * Replaces the file at `path` as a whole: a reader, or a crash at any moment, sees all of the old or all of the new.
 * Once it returns, the new content is on the disk. A symbolic link keeps pointing where it did and its target is
 * replaced; what is no file, such as `/dev/stdout` or a pipe, is written to.
 *
 * @returns whether it was replaced, which only `mayReplace` can prevent
 * @throws ScannerError `disk_full` or `directory_unusable`, the old file is then as it was; or the reason of the signal
 */
export const writeFileAtomically = async (
  path: string,
  content: FileContent,
  options: AtomicWriteOptions = {},
): Promise<boolean> => {
  try {
    const existing = options.replaceLinks === true ? undefined : await existingFile(path);
    if (existing?.replaceable === false) return await writeInPlace(path, content, options);
    return await replaceFile(existing?.path ?? path, content, options, existing?.mode);
  } catch (error) {
    options.signal?.throwIfAborted();
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

const writeInPlace = async (path: string, content: FileContent, options: AtomicWriteOptions): Promise<true> => {
  if (typeof content !== 'function' && (await stat(path)).isFIFO()) {
    await writeToPipe(
      path,
      typeof content === 'string' || content instanceof Uint8Array ? [content] : content,
      options,
    );
    return true;
  }
  await using file = await open(path, 'w');
  await writeContent(file, content);
  return true;
};

const writeContent = (file: FileHandle, content: FileContent): Promise<void> =>
  typeof content === 'function' ? content(file) : file.writeFile(content);

const replaceFile = async (
  path: string,
  content: FileContent,
  { mode, mayReplace = async () => true }: AtomicWriteOptions,
  modeBefore = DEFAULT_MODE,
): Promise<boolean> => {
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomBytes(8).toString('hex')}.tmp`);
  try {
    await using file = await open(temporary, 'wx', modeBefore);
    if (mode !== undefined) await file.chmod(mode);
    await writeContent(file, content);
    await file.sync();
    if (await mayReplace(file)) await rename(temporary, path);
    else return false;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
  return true;
};

const temporaryPrefix = (path: string): string => `.${basename(path).slice(0, 100)}.`;

/**
 * Removes what killed writers of the file at `path` left beside it: all of it, only for who knows that nobody is writing
 * it now, or what was last written before a moment.
 *
 * @throws ScannerError `directory_unusable`
 */
export const removeLeftovers = async (path: string, { before }: { readonly before?: Date } = {}): Promise<void> => {
  try {
    const target = (await existingFile(path))?.path ?? path;
    const left = new RegExp(`^${RegExp.escape(temporaryPrefix(target))}[0-9a-f]{16}\\.tmp$`);
    for (const name of await readdir(dirname(target))) {
      const leftover = join(dirname(target), name);
      if (left.test(name) && (before === undefined || (await lastWritten(leftover)) < before))
        await rm(leftover, { force: true });
    }
  } catch (error) {
    throw storageError(path, error);
  }
};

/** Removes what killed writers left in a directory in which nobody but the caller writes; as far as that can be done. */
export const removeUnfinished = (directory: string): void => {
  try {
    for (const name of readdirSync(directory)) {
      if (UNFINISHED.test(name)) rmSync(join(directory, name), { force: true });
    }
  } catch {
    // Whoever writes there next says what is wrong.
  }
};

/** Now, when it is gone meanwhile. */
const lastWritten = async (path: string): Promise<Date> => {
  try {
    return (await lstat(path)).mtime;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return new Date();
    throw error;
  }
};

/** Without it a crash may bring back the old name. Some file systems know no such thing, which is as good as it gets there. */
export const syncDirectory = async (path: string): Promise<void> => {
  await using directory = await open(path, 'r');
  await directory.sync().catch((error: unknown) => {
    if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes(errnoOf(error) ?? '')) throw error;
  });
};
