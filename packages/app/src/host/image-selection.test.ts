import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { silentLog } from '@scanner/core';
import { resolveSettings } from '@scanner/core/config';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { readImageSelection } from './image-selection.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gts-selection-'));
  onTestFinished(() => rm(directory, { recursive: true }));
});

const selectionOf = (env: Readonly<Record<string, string>> = {}) => {
  const resolution = resolveSettings({
    flags: {},
    env,
    readFile: () => null,
    secretsDirectory: () => null,
    dotEnv: null,
    base: { layout: 'directory', cores: 1, memoryBytes: 1024 ** 3, cacheHome: directory },
  });
  if (!resolution.ok) throw new Error('settings');
  const { settings, sources } = resolution;
  const ignoreFiles =
    sources.IGNORE_FILE === 'default' ? [NEW, OLD].map((path) => join(directory, path)) : [settings.IGNORE_FILE];
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (sentence: string) => void warnings.push(sentence) };
  const { ignore } = readImageSelection({ settings, sources, ignoreFiles }, log);
  return { ignored: ignore.map(({ text }) => text), warnings };
};

const NEW = 'settings/ignore-images.txt';
const OLD = 'ignore-images.txt';

const write = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), text);
};

describe('the list of images to skip', () => {
  it('is the one in the directory of settings', async () => {
    await write(NEW, 'alpine\n');
    expect(selectionOf()).toEqual({ ignored: ['alpine'], warnings: [] });
  });

  it('is the one of earlier versions where there is no other, or an empty one', async () => {
    await write(OLD, 'debian\n');
    expect(selectionOf()).toEqual({ ignored: ['debian'], warnings: [] });
    await write(NEW, '\n');
    expect(selectionOf()).toEqual({ ignored: ['debian'], warnings: [] });
  });

  it('is the first of both, which is said', async () => {
    await write(NEW, 'alpine\n');
    await write(OLD, 'debian\n');
    expect(selectionOf()).toEqual({
      ignored: ['alpine'],
      warnings: [`${join(directory, OLD)} does not count: ${join(directory, NEW)} is the list of images to skip`],
    });
  });

  it('may be a directory that Docker made of nothing, and then the variable counts', async () => {
    await mkdir(join(directory, OLD));
    expect(selectionOf({ IGNORE_IMAGES: 'nginx' }).ignored).toEqual(['nginx']);
  });
});
