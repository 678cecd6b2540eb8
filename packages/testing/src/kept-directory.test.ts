import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { keptDirectory } from './kept-directory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a kept directory', () => {
  it('is made once', async () => {
    await using cache = await temporaryDirectory();
    vi.stubEnv('XDG_CACHE_HOME', cache.path);
    const directories: string[] = [];
    for (const text of ['first', 'second'])
      directories.push(await keptDirectory('big', (directory) => writeFile(join(directory, 'text'), text)));
    expect(directories[1]).toBe(directories[0]);
    expect(await readFile(join(directories[0]!, 'text'), 'utf8')).toBe('first');
  });

  it('is not there when making it failed, and nothing of it is', async () => {
    await using cache = await temporaryDirectory();
    vi.stubEnv('XDG_CACHE_HOME', cache.path);
    const failing = keptDirectory('big', async (directory) => {
      await writeFile(join(directory, 'half'), '');
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await readdir(join(cache.path, 'gts', 'testbed'))).toEqual([]);
  });
});
