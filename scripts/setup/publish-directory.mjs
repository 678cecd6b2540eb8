import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory appear whole or not at all: `fill` works in a new one beside it, which is then renamed. When
 * another process was quicker, its result stays.
 *
 * @param {string} target
 * @param {(directory: string) => Promise<void>} fill
 */
export async function publishDirectory(target, fill) {
  await mkdir(dirname(target), { recursive: true });
  const draft = await mkdtemp(`${target}.new-`);
  try {
    await fill(draft);
    await rename(draft, target).catch((error) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
