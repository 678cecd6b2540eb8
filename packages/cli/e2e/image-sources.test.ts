import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageDocument } from '@scanner/core';
import {
  anImage,
  type CatalogImage,
  type Engine,
  nodeImage,
  pythonImage,
  realTrivy,
  smallDebianImage,
  startClassicEngine,
  temporaryDirectory,
  type TemporaryDirectory,
  writeDockerArchive,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Ended, type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { basic, guardRegistry, type GuardedRegistry } from './support/guarded-registry.ts';
import { archiveOf, layoutOf, publish } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

/** Nothing listens there. */
const UNREACHABLE = '127.0.0.1:1/shop/web:1';
const UNKNOWN_HOST = 'registry.invalid/shop/web:1';
const ONLY_IN_ENGINE = 'shop/web:1';

let database: PreparedDatabase;
let engine: Engine;
let files: TemporaryDirectory;
let user: GtsUser;
let node: CatalogImage;
let python: CatalogImage;
let inRegistry: string;
let onlyInEngine: string;

beforeAll(async () => {
  [database, engine, files, node, python] = await Promise.all([
    prepareDatabase(),
    startClassicEngine(),
    temporaryDirectory(),
    nodeImage(),
    pythonImage(),
  ]);
  const { registry } = database;
  user = await gtsUser({
    ...database.environment,
    TRIVY_PATH: await realTrivy(),
    DOCKER_HOST: engine.dockerHost,
  });
  inRegistry = `${registry.host}/shop/worker:1`;
  onlyInEngine = `${registry.host}/${ONLY_IN_ENGINE}`;
  await publish(registry, [python.image], files.path, 'shop/worker');
  const layers = python.image.layers.map(({ tar }) => tar);
  await publish(registry, [node.image, await anImage({ layers, architecture: 'arm64' })], files.path, 'shop/both');
  const archive = join(files.path, 'engine.tar');
  const references = [onlyInEngine, UNREACHABLE, UNKNOWN_HOST, inRegistry];
  await writeDockerArchive(archive, [{ image: node.image, references }]);
  await engine.load(archive);
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await engine.stop();
  await database[Symbol.asyncDispose]();
});

const scanned = async (args: readonly string[], environment?: Environment) => {
  const ended = await user.gts(['image', '--json', ...args], environment);
  const { images } = await readDocument(ImageDocument, ended.stdout);
  return { ended, images, only: images[0]! };
};

const found = ({ findings }: ImageDocument['images'][number]): string[] =>
  findings.map((finding) => `${finding.vulnerability} ${finding.package} ${finding.installed}`).toSorted(inOrder);
const expected = ({ findings }: CatalogImage): string[] =>
  findings.map((finding) => `${finding.id} ${finding.package} ${finding.version}`).toSorted(inOrder);
const inOrder = (one: string, other: string): number => (one < other ? -1 : 1);

describe('a reference', () => {
  it('is scanned in its registry before the engine is asked', async () => {
    const { ended, only } = await scanned([inRegistry]);
    expect(ended.exitCode).toBe(0);
    expect(only).toMatchObject({ source: 'remote', status: 'complete', coverage: 'full', references: [inRegistry] });
    expect(found(only)).toEqual(expected(python));
  });

  it('is scanned in the engine alone when that is asked for', async () => {
    const { ended, only } = await scanned([inRegistry, '--source', 'docker']);
    expect(ended.exitCode).toBe(0);
    expect(only).toMatchObject({ source: 'docker', status: 'complete' });
    expect(found(only)).toEqual(expected(node));
  });

  it('is found in the engine when its registry lacks it, cannot be reached or does not exist', async () => {
    const { ended, images } = await scanned([onlyInEngine, UNREACHABLE, UNKNOWN_HOST, '--concurrency', '3']);
    expect(ended.exitCode).toBe(0);
    expect(images.map(({ source, status }) => `${source} ${status}`)).toEqual(Array(3).fill('docker complete'));
    for (const image of images) expect(found(image)).toEqual(expected(node));
  });

  it('says what each source said when none has it', async () => {
    const { ended, only } = await scanned([`${database.registry.host}/shop/nowhere:1`]);
    expect(ended.exitCode).toBe(3);
    expect(only).toMatchObject({ status: 'failed', reason: { code: 'not_found' }, id: null, coverage: null });
    expect(only.reason?.message).toMatch(/^registry: .*; engine: /);
  });

  it('is scanned without an engine as long as the registry has it', async () => {
    const { ended, only } = await scanned([inRegistry], { DOCKER_HOST: `unix://${files.path}/nobody.sock` });
    expect(ended.exitCode).toBe(0);
    expect(only.status).toBe('complete');
  });
});

describe('a platform', () => {
  const reference = (): string => `${database.registry.host}/shop/both:1`;

  it.each([
    ['linux/amd64', () => node],
    ['linux/arm64', () => python],
  ])('%s is chosen from an index', async (platform, image) => {
    const { ended, only } = await scanned([reference(), '--platform', platform]);
    expect(ended.exitCode).toBe(0);
    expect(only.source).toBe('remote');
    expect(found(only)).toEqual(expected(image()));
  });

  it('that the index has not fails the image', async () => {
    const { ended, only } = await scanned([reference(), '--platform', 'linux/s390x', '--source', 'remote']);
    expect(ended.exitCode).toBe(3);
    expect(only.reason?.code).toBe('no_such_platform');
  });

  it('of another image than the archive holds fails the image', async () => {
    const archive = await archiveOf(node.image, files.path, 'other-platform');
    const { ended, only } = await scanned(['--input', archive, '--platform', 'linux/arm64']);
    expect(ended.exitCode).toBe(3);
    expect(only.reason?.code).toBe('no_such_platform');
  });
});

describe('archives', () => {
  it('are scanned beside references, in the order they are named in', async () => {
    const debian = await smallDebianImage();
    const docker = await archiveOf(node.image, files.path, 'docker');
    const layout = await layoutOf([debian.image], files.path, 'layout@1:2');
    const { ended, images } = await scanned([inRegistry, '--input', docker, '--input', layout]);
    expect(ended.exitCode).toBe(0);
    expect(images.map(({ source }) => source)).toEqual(['remote', 'archive', 'archive']);
    expect(images.map(found)).toEqual([python, node, debian].map(expected));
  });

  it('are looked for from where the command is run', async () => {
    await archiveOf(node.image, user.workingDirectory, 'here');
    const { only } = await scanned(['--input', 'here.tar']);
    expect(only).toMatchObject({ status: 'complete', references: [join(user.workingDirectory, 'here.tar')] });
  });
});

describe('a private registry', () => {
  const login = { username: 'robot', password: 'sesame' };
  let wanted: GuardedRegistry;
  let open: GuardedRegistry;

  beforeAll(async () => {
    wanted = await guardRegistry(database.registry.url, login);
    open = await guardRegistry(database.registry.url);
  });
  afterAll(async () => {
    await wanted[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
  });

  const scanBoth = (environment: Environment): Promise<{ ended: Ended; images: ImageDocument['images'] }> =>
    scanned([`${wanted.host}/shop/worker:1`, `${open.host}/shop/worker:1`, '--source', 'remote'], environment);

  it('refuses who has no login', async () => {
    const { ended, images } = await scanBoth({});
    expect(ended.exitCode).toBe(3);
    expect(images.map(({ status, reason }) => reason?.code ?? status)).toEqual(['unauthorized', 'complete']);
  });

  it('is shown the login of the Docker configuration, and no other host is', async () => {
    const directory = join(files.path, 'docker-config');
    await mkdir(directory);
    const auths = { [wanted.host]: { auth: basic(login).replace('Basic ', '') } };
    await writeFile(join(directory, 'config.json'), JSON.stringify({ auths }));

    const { ended, images } = await scanBoth({ DOCKER_CONFIG: directory });

    expect(images.map(({ status }) => status)).toEqual(['complete', 'complete']);
    expect(new Set(wanted.shown)).toEqual(new Set([basic(login)]));
    expect(open.shown).toEqual([]);
    expect(`${ended.stdout}${ended.stderr}`).not.toContain(login.password);
  });
});
