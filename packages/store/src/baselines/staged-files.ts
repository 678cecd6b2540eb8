import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { syncDirectory } from '../atomic-file.ts';
import { errnoOf } from '../storage-error.ts';

const STAGING = /^\.staging-[0-9a-f]{16}$/;
const COMPLETE = /^\.complete-[0-9a-f]{16}$/;

/**
 * Puts several files into a directory at once. They are written beside it first; one rename says that they are complete,
 * and from then on whoever looks into the directory puts them in their places. So a process that ends at any moment
 * leaves all of them or none.
 *
 * @param files their content, by name
 */
export const writeFilesAtOnce = async (
  directory: string,
  files: ReadonlyMap<string, string>,
  mode: number,
): Promise<void> => {
  const id = randomBytes(8).toString('hex');
  const staging = join(directory, `.staging-${id}`);
  await mkdir(staging);
  try {
    for (const [name, content] of files) await writeWhole(join(staging, name), content, mode);
    await syncDirectory(staging);
    await rename(staging, join(directory, `.complete-${id}`));
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  await syncDirectory(directory);
  await finishWrites(directory);
};

const writeWhole = async (path: string, content: string, mode: number): Promise<void> => {
  await using file = await open(path, 'wx', mode);
  await file.chmod(mode);
  await file.writeFile(content);
  await file.sync();
};

/** Puts complete files of a process that ended in between where they belong. Several may do so at once. */
export const finishWrites = async (directory: string): Promise<void> => {
  const complete = (await namesIn(directory)).filter((name) => COMPLETE.test(name));
  for (const name of complete) {
    const staged = join(directory, name);
    for (const file of await namesIn(staged)) await unlessGone(rename(join(staged, file), join(directory, file)));
    await syncDirectory(directory);
    await unlessGone(rmdir(staged));
  }
};

/** Removes what was never completed and was begun before a moment. */
export const dropUnfinished = async (directory: string, before: Date): Promise<void> => {
  for (const name of await namesIn(directory)) {
    if (!STAGING.test(name)) continue;
    const path = join(directory, name);
    const status = await unlessGone(stat(path));
    if (status !== undefined && status.mtime < before) await rm(path, { recursive: true, force: true });
  }
};

const namesIn = async (directory: string): Promise<string[]> => (await unlessGone(readdir(directory))) ?? [];

/** Another process may have done it first. */
const unlessGone = async <Result>(work: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};
