import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and the parents that are missing. Level by level: Node's own way tells of a missing parent where the
 * file system is read-only, and never ends where the system denies a directory that cannot be made, as below `/proc`.
 *
 * @param mode of each directory that is made
 */
export const makeDirectories = async (path: string, mode = 0o777): Promise<void> => {
  try {
    await makeDirectory(path, mode);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeDirectories(dirname(path), mode);
    await makeDirectory(path, mode);
  }
};

const makeDirectory = async (path: string, mode: number): Promise<void> => {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
