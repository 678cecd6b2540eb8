import { execa } from 'execa';

import { temporaryDirectory } from './temporary-directory.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

/** A file system that can be made full. */
export interface TinyFileSystem extends TemporaryDirectory {
  /** Makes it so large; it refuses to become smaller than what is in it. */
  resize(kibibytes: number): Promise<void>;
}

/**
 * Mounts a memory file system of so many megabytes, for what happens when a disk is full. Needs root. Disposing
 * unmounts it.
 */
export async function tinyFileSystem(megabytes: number): Promise<TinyFileSystem> {
  const directory = await temporaryDirectory();
  try {
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'gts-tiny', directory.path]);
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
  return {
    path: directory.path,
    resize: async (kibibytes) => {
      await execa('mount', ['-o', `remount,size=${kibibytes}k`, directory.path]);
    },
    async [Symbol.asyncDispose]() {
      await execa('umount', ['--lazy', directory.path]);
      await directory[Symbol.asyncDispose]();
    },
  };
}
