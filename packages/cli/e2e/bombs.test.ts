import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { ImageDocument } from '@scanner/core';
import {
  alpineImage,
  anImage,
  type BuiltImage,
  realTrivy,
  type TemporaryDirectory,
  temporaryDirectory,
  tinyFileSystem,
  writeOciArchive,
  writeOciLayout,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { archiveOf, publish } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

const MEGABYTES = 100;
/** More than there is room for, and a thousandth of that when it is compressed. */
const BOMB_BYTES = 300_000_000;
const REFERENCE = 'registry.example/bomb:1';

let database: PreparedDatabase;
let files: TemporaryDirectory;
let small: TemporaryDirectory;
let user: GtsUser;
let bomb: BuiltImage;
let honest: string;

/** Somebody whose cache and temporary directory have little room. */
beforeAll(async () => {
  database = await prepareDatabase();
  files = await temporaryDirectory();
  small = await tinyFileSystem(MEGABYTES);
  user = await gtsUser({
    ...database.environment,
    TRIVY_PATH: await realTrivy(),
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
    XDG_CACHE_HOME: small.path,
    TMPDIR: small.path,
  });
  bomb = await anImage({ layers: [Buffer.alloc(BOMB_BYTES)] });
  honest = await archiveOf((await alpineImage()).image, files.path, 'honest');
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await small[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const scan = async (...args: string[]): Promise<{ exitCode: number | null; images: ImageDocument['images'] }> => {
  const { exitCode, stdout } = await user.gts(['image', '--json', '--timeout', '90', ...args]);
  return { exitCode, images: (await readDocument(ImageDocument, stdout)).images };
};

/** What is there only while a command is at work. */
const leftBehind = async (): Promise<string[]> => [
  ...(await readdir(small.path)).filter((name) => name !== 'gts'),
  ...(await readdir(join(small.path, 'gts', 'work'))),
];

const compressed = async (file: string, compress: (bytes: Buffer) => Buffer): Promise<string> => {
  const path = `${file}.${compress === gzipSync ? 'gz' : 'zst'}`;
  await writeFile(path, compress(await readFile(file)));
  return path;
};

describe('an image that inflates to more than there is room for', () => {
  it('fails for want of disk space where it has to be unpacked, and no other image with it', async () => {
    const layout = join(files.path, 'plain');
    await writeOciLayout(layout, { reference: REFERENCE, platforms: [bomb], compressions: ['none'] });
    const tar = join(files.path, 'layout.tar');
    await writeOciArchive(tar, layout);
    const bombs = [await compressed(tar, gzipSync), await compressed(tar, zstdCompressSync)];
    const { exitCode, images } = await scan('--input', honest, ...bombs.flatMap((path) => ['--input', path]));
    expect(exitCode).toBe(3);
    expect(images.map(({ status, reason }) => reason?.code ?? status)).toEqual(['complete', 'disk_full', 'disk_full']);
    expect(images[0]).toMatchObject({ coverage: 'full' });
    expect(await leftBehind()).toEqual([]);
  });

  it.each(['gzip', 'zstd'] as const)('takes no disk space as a layer in a directory, as %s', async (compression) => {
    const layout = join(files.path, compression);
    await writeOciLayout(layout, { reference: REFERENCE, platforms: [bomb], compressions: [compression] });
    const { images } = await scan('--input', layout, '--input', honest);
    expect(images).toMatchObject([{ coverage: 'unsupported', findings: [] }, { coverage: 'full' }]);
    expect(await leftBehind()).toEqual([]);
  });

  it('takes no disk space as a compressed archive', async () => {
    const archive = await compressed(await archiveOf(bomb, files.path, 'bomb'), gzipSync);
    const { images } = await scan('--input', archive, '--input', honest);
    expect(images).toMatchObject([{ coverage: 'unsupported', findings: [] }, { coverage: 'full' }]);
    expect(await leftBehind()).toEqual([]);
  });

  it('takes no disk space beyond its share as a layer of a registry', async () => {
    await publish(database.registry, [bomb], files.path, 'bomb');
    const { images } = await scan(`${database.registry.host}/bomb:1`, '--input', honest);
    expect(images.map(({ status, reason }) => reason?.code ?? status)).toEqual(['no_packages', 'complete']);
    expect(await leftBehind()).toEqual([]);
  });
});
