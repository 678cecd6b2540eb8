import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { testbedCacheDirectory } from './real-programs.ts';

/**
 * A directory in the test bed's cache, which the first call makes. The name has to tell the recipe, since what is there
 * is never made again. It is made beside its place and moved there at once, so that nobody meets half of it.
 */
export async function keptDirectory(name: string, make: (directory: string) => Promise<void>): Promise<string> {
  const parent = testbedCacheDirectory();
  const directory = join(parent, name);
  if (existsSync(directory)) return directory;
  await mkdir(parent, { recursive: true });
  const unfinished = await mkdtemp(join(parent, `${name}-unfinished-`));
  try {
    await make(unfinished);
    await rename(unfinished, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return directory;
}
