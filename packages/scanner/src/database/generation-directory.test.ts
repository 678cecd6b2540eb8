import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { clockAt } from '@scanner/core/testing';
import { databaseFile, databaseMetadata, temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { VULNERABILITIES } from './database-kind.ts';
import { GenerationDirectory } from './generation-directory.ts';

const put = async (directory: string, updatedAt: Date): Promise<void> => {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'trivy.db'), await databaseFile(1));
  await writeFile(join(directory, 'metadata.json'), JSON.stringify(databaseMetadata({ updatedAt })));
};

const open = async (cacheDir: string): Promise<GenerationDirectory> => {
  const directory = new GenerationDirectory(VULNERABILITIES, cacheDir, clockAt('2026-11-22T12:00:00Z'));
  await directory.prepare();
  return directory;
};

const adopt = async (directory: GenerationDirectory, updatedAt: Date): Promise<void> => {
  const staged = join(await directory.stage(), 'db');
  await put(staged, updatedAt);
  await directory.adopt(staged, (await directory.find()).generation);
};

const generations = async (cacheDir: string): Promise<string[]> =>
  (await readdir(join(cacheDir, 'generations'))).filter((name) => name.startsWith('db-'));

describe('GenerationDirectory', () => {
  it('keeps the current generation and the one before, and no others', async () => {
    await using cache = await temporaryDirectory();
    const directory = await open(cache.path);
    for (const day of [1, 2, 3, 4]) await adopt(directory, new Date(Date.UTC(2026, 10, day)));
    expect(await generations(cache.path)).toHaveLength(2);
    expect(await directory.find()).toMatchObject({
      generation: { updatedAt: new Date(Date.UTC(2026, 10, 4)) },
      damage: null,
    });
  });

  it('leaves the other database alone', async () => {
    await using cache = await temporaryDirectory();
    const directory = await open(cache.path);
    await mkdir(join(cache.path, 'generations/java-db-1/java-db'), { recursive: true });
    for (const day of [1, 2, 3]) await adopt(directory, new Date(Date.UTC(2026, 10, day)));
    expect(await readdir(join(cache.path, 'generations'))).toContain('java-db-1');
  });

  it('sets aside what lies damaged in its place, and the good one that was used instead stays too', async () => {
    await using cache = await temporaryDirectory();
    const directory = await open(cache.path);
    await put(join(cache.path, 'generations/db-good/db'), new Date(Date.UTC(2026, 10, 1)));
    await mkdir(join(cache.path, 'db'));
    await writeFile(join(cache.path, 'db/trivy.db'), 'broken');
    await adopt(directory, new Date(Date.UTC(2026, 10, 2)));

    expect((await lstat(join(cache.path, 'db'))).isSymbolicLink()).toBe(true);
    const names = await generations(cache.path);
    expect(names).toHaveLength(3);
    expect(names).toContain('db-good');
    const contents = await Promise.all(
      names.map((name) => readFile(join(cache.path, 'generations', name, 'db/trivy.db'), 'utf8')),
    );
    expect(contents).toContain('broken');
  });

  it('sweeps what was left unfinished', async () => {
    await using cache = await temporaryDirectory();
    const directory = await open(cache.path);
    await adopt(directory, new Date(Date.UTC(2026, 10, 1)));
    await put(join(await directory.stage(), 'cache/db'), new Date(Date.UTC(2026, 10, 2)));
    await directory.sweep();
    expect(await readdir(join(cache.path, 'generations'))).toEqual(await generations(cache.path));
    expect(await generations(cache.path)).toHaveLength(1);
  });
});
