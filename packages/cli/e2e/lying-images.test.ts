import { join } from 'node:path';

import { CatalogueScanDocument, HostScanDocument, ImageDocument, type ImageReport } from '@scanner/core';
import {
  anImage,
  aRepository,
  type BuiltImage,
  type Engine,
  lyingImage,
  publishImages,
  realTrivy,
  smallDebianImage,
  startCurrentEngine,
  temporaryDirectory,
  writeOciArchive,
  writeOciLayout,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { catalogueWorld } from './support/catalogue-world.ts';
import { type GtsUser, gtsUser } from './support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

const HOST_SCAN = ['host', 'scan', '--json', '--severity', 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL'];
const referenceOf = (name: string): string => `registry.example/lies/${name}:1`;

const honest = async (): Promise<BuiltImage> => (await smallDebianImage()).image;

/** The same layers, and a configuration of its own. */
const rebuilt = async (): Promise<BuiltImage> =>
  anImage({ layers: (await honest()).layers.map(({ tar }) => tar), labels: { build: '2' } });

let database: PreparedDatabase;
beforeAll(async () => {
  database = await prepareDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const everyFinding = async (): Promise<string[]> =>
  (await smallDebianImage()).findings.map(({ id, package: name }) => `${id} ${name}`).toSorted();
const foundIn = (report: ImageReport | undefined): string[] =>
  (report?.findings ?? []).map(({ vulnerability, package: name }) => `${vulnerability} ${name}`).toSorted();

describe.each([
  ['before', ['lie', 'honest', 'rebuilt']],
  ['after', ['honest', 'rebuilt', 'lie']],
])('an image of a host that states the layers of others, loaded %s them', (_, order) => {
  let engine: Engine;
  let user: GtsUser;

  beforeAll(async () => {
    engine = await startCurrentEngine();
    await using directory = await temporaryDirectory();
    const images: Record<string, BuiltImage> = {
      lie: await lyingImage(await honest(), { label: 'lie' }),
      honest: await honest(),
      rebuilt: await rebuilt(),
    };
    for (const name of order) {
      const image = images[name];
      if (image === undefined) continue;
      const layout = join(directory.path, name);
      await writeOciLayout(layout, { reference: referenceOf(name), platforms: [image] });
      await writeOciArchive(`${layout}.tar`, layout);
      // It says that the image is not what it states, and lists it.
      await engine.load(`${layout}.tar`).catch(() => {});
    }
    user = await gtsUser({
      ...database.environment,
      TRIVY_PATH: await realTrivy(),
      DOCKER_HOST: engine.dockerHost,
    });
  });
  afterAll(async () => {
    await user[Symbol.asyncDispose]();
    await engine.stop();
  });

  const pass = async (directory: string, ...names: readonly string[]): Promise<ReadonlyMap<string, ImageReport>> => {
    const wanted = names.flatMap((name) => ['--image', referenceOf(name)]);
    const { stdout, exitCode } = await user.gts([...HOST_SCAN, '--dir', directory, ...wanted]);
    const { images } = await readDocument(HostScanDocument, stdout);
    const failed = images.some(({ status }) => status === 'failed');
    expect(exitCode).toBe(failed ? 3 : 0);
    return new Map(
      images
        .filter(({ status }) => status !== 'skipped')
        .map((report) => [/lies\/(\w+):/.exec(report.references.join())?.[1] ?? '', report]),
    );
  };

  const said = (reports: ReadonlyMap<string, ImageReport>) =>
    Object.fromEntries(
      [...reports].map(([name, report]) => [
        name,
        { code: report.reason?.code, coverage: report.coverage, found: foundIn(report) },
      ]),
    );
  const truth = async (...names: readonly string[]) => {
    const found = await everyFinding();
    const isRight = { code: undefined, coverage: 'full', found };
    const isCorrupt = { code: 'corrupt', coverage: null, found: [] };
    return Object.fromEntries(names.map((name) => [name, name === 'lie' ? isCorrupt : isRight]));
  };

  it('is corrupt, and the others are what they are, in the first pass and in those after it', async () => {
    const first = await pass('first');
    expect(said(first)).toEqual(await truth(...order));
    const second = await pass('first');
    expect(said(second)).toEqual(await truth(...order));
    expect(['honest', 'rebuilt'].map((name) => second.get(name)?.reused)).toEqual(['result', 'result']);
  });

  it.each([
    ['lie', 'honest'],
    ['honest', 'lie'],
    ['rebuilt', 'lie'],
  ])('takes no result of another and gives none, where %s is scanned before the others', async (...names) => {
    const directory = `one-by-one-${names.join('-')}`;
    for (const name of names) expect(said(await pass(directory, name))).toEqual(await truth(name));
    expect(said(await pass(directory))).toEqual(await truth(...order));
  });
});

it('an image of a registry that states the layers of others changes no result of those that have them', async () => {
  const world = await catalogueWorld();
  const user = await gtsUser(world.environment);
  try {
    const images: Record<string, BuiltImage> = {
      'a-lie': await lyingImage(await honest(), { label: 'a' }),
      'b-honest': await honest(),
      'c-lie': await lyingImage(await honest(), { label: 'c' }),
      'd-rebuilt': await rebuilt(),
    };
    for (const [name, image] of Object.entries(images)) {
      world.hub.put(aRepository({ namespace: 'lies', name, tags: ['latest'] }));
      await publishImages(world.registry, [{ image, repository: `lies/${name}`, tag: 'latest' }]);
    }
    for (const format of ['sarif', 'cyclonedx', 'spdx']) {
      const { exitCode } = await user.gts(['image', 'lies/a-lie:latest', '--format', format]);
      expect(exitCode, format).toBe(3);
    }
    const named = await user.gts([
      'image',
      'lies/b-honest:latest',
      '--json',
      '--severity',
      'LOW,MEDIUM,HIGH,CRITICAL,UNKNOWN',
    ]);
    expect(foundIn((await readDocument(ImageDocument, named.stdout)).images[0])).toEqual(await everyFinding());

    await user.gts(['scrape', '--source', 'docker_hub', '--namespaces', 'lies']);
    for (const _ of [1, 2]) {
      const { stdout } = await user.gts(['scan', '--json', '--force', '--concurrency', '1']);
      const { tools } = await readDocument(CatalogueScanDocument, stdout);
      expect(tools.map(({ id, status, reason }) => [id, status, reason?.code])).toEqual([
        ['docker_hub:lies/a-lie', 'failed', 'corrupt'],
        ['docker_hub:lies/b-honest', 'scanned', undefined],
        ['docker_hub:lies/c-lie', 'failed', 'corrupt'],
        ['docker_hub:lies/d-rebuilt', 'scanned', undefined],
      ]);
      const [good, other] = tools.filter(({ status }) => status === 'scanned').map(({ counts }) => counts);
      expect(good?.critical).toBeGreaterThan(0);
      expect(other).toEqual(good);
    }
  } finally {
    await user[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  }
});
