import { request } from 'node:http';
import { join } from 'node:path';

import { BaselineListDocument, HostScanDocument, ImageDocument, mapBounded } from '@scanner/core';
import type { ImageReport } from '@scanner/core';
import {
  anImage,
  type CatalogImage,
  type Engine,
  nodeImage,
  pythonImage,
  realTrivy,
  startClassicEngine,
  startCurrentEngine,
  startPodman,
  temporaryDirectory,
  writeDockerArchive,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { findingLine } from './support/plain-trivy.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

const EVERYTHING = ['--json', '--severity', 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL'];
const UNDERSCORE = 'my_reg.example.com/app:1';
/** Trivy knows no names of one letter in a registry. */
const TWO_UNDERSCORES = 'a__b.c/d:1';
const ODD_ARCHITECTURE = 'registry.example/odd/architecture:1';
const LONG_LABEL = 'registry.example/odd/label:1';
/** An engine tells of all labels with every image: with these its list is longer than is read whole. */
const LONG = 6_000_000;
/** Podman takes no configuration of more than 4 MiB. */
const SHORTER = 4_000_000;

let database: PreparedDatabase;

beforeAll(async () => {
  database = await prepareDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

describe.each([
  { name: 'classic', start: startClassicEngine, labelBytes: LONG },
  { name: 'current', start: startCurrentEngine, labelBytes: LONG },
  { name: 'podman', start: startPodman, labelBytes: SHORTER },
])('odd images of the $name engine', ({ start, labelBytes }) => {
  let engine: Engine;
  let user: GtsUser;
  let node: CatalogImage;
  let exitCode: number | null;
  let pass: HostScanDocument;

  beforeAll(async () => {
    [engine, node] = await Promise.all([start(), nodeImage()]);
    await using files = await temporaryDirectory();
    const archive = join(files.path, 'odd.tar');
    const layers = node.image.layers.map(({ tar }) => tar);
    const labels = { long: 'x'.repeat(labelBytes) };
    await writeDockerArchive(archive, [
      { image: node.image, references: ['registry.example/node:1'] },
      { image: await anImage({ layers, architecture: 'arm64/v8' }), references: [ODD_ARCHITECTURE] },
      { image: await anImage({ layers, labels, cmd: ['labelled'] }), references: [LONG_LABEL] },
    ]);
    await engine.load(archive);
    for (const name of [UNDERSCORE, TWO_UNDERSCORES]) await engine.docker(['tag', 'registry.example/node:1', name]);
    await engine.docker(['rmi', 'registry.example/node:1']);
    user = await gtsUser({
      ...database.environment,
      TRIVY_PATH: await realTrivy(),
      DOCKER_HOST: engine.dockerHost,
    });
    const ended = await user.gts(['host', 'scan', ...EVERYTHING]);
    ({ exitCode } = ended);
    pass = await readDocument(HostScanDocument, ended.stdout);
  });
  afterAll(async () => {
    await user[Symbol.asyncDispose]();
    await engine.stop();
  });

  const withName = (end: string): ImageReport | undefined =>
    pass.images.find(({ references }) => references.some((reference) => reference.endsWith(end)));
  it('are all scanned, and none is skipped', () => {
    expect(pass.images.filter(({ status }) => status !== 'complete')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(pass.totals.images).toBe(3);
    for (const name of [UNDERSCORE, TWO_UNDERSCORES, ODD_ARCHITECTURE, LONG_LABEL])
      expect(foundIn(withName(name)), name).toEqual(knownOf(node));
  });

  it('go by the names that the engine knows, in every place', async () => {
    const names = withName(UNDERSCORE)?.references ?? [];
    expect(names).toHaveLength(2);
    for (const name of names) {
      const named = await user.gts(['host', 'scan', ...EVERYTHING, '--image', name, '--save-snapshot']);
      const { images } = await readDocument(HostScanDocument, named.stdout);
      expect(images.map(({ references }) => references)).toEqual([names]);
      const alone = await user.gts(['image', name, '--source', 'docker', ...EVERYTHING]);
      expect(foundIn((await readDocument(ImageDocument, alone.stdout)).images[0])).toEqual(knownOf(node));
    }
    const { stdout } = await user.gts(['baseline', 'list', '--json']);
    const { baselines } = await readDocument(BaselineListDocument, stdout);
    expect(new Set(baselines.map(({ reference }) => reference))).toEqual(new Set(names));
  });
});

it('an image with 2101 names counts by the first 2000 of them, and is found by each', async () => {
  await using engine = await startClassicEngine();
  await using files = await temporaryDirectory();
  const python = await pythonImage();
  const archive = join(files.path, 'names.tar');
  const repository = 'registry.example/ci/app';
  await writeDockerArchive(archive, [{ image: python.image, references: [`${repository}:1`] }]);
  await engine.load(archive);
  const tags = Array.from({ length: 2101 }, (_, index) => `build-${10_000 + index}`);
  await mapBounded(tags, 8, (tag) => tagAgain(engine, repository, tag));
  await using user = await gtsUser({
    ...database.environment,
    TRIVY_PATH: await realTrivy(),
    DOCKER_HOST: engine.dockerHost,
  });
  const { stdout, stderr, exitCode } = await user.gts(['host', 'scan', ...EVERYTHING]);
  const { images } = await readDocument(HostScanDocument, stdout);
  expect(exitCode).toBe(0);
  expect(images[0]?.references).toHaveLength(2000);
  expect(foundIn(images[0])).toEqual(knownOf(python));
  expect(stderr).toContain('names beyond the first 2000 of an image are left out');
  const asked = await user.gts(['host', 'scan', '--json', '--image', `${repository}:build-12100`]);
  expect((await readDocument(HostScanDocument, asked.stdout)).totals).toMatchObject({ images: 1, failed: 0 });
});

const foundIn = (report: ImageReport | undefined): string[] => (report?.findings ?? []).map(findingLine).toSorted();

const knownOf = ({ findings }: CatalogImage): string[] =>
  findings.map(({ id, package: name, version }) => `${id} ${name} ${version}`).toSorted();

const tagAgain = (engine: Engine, repository: string, tag: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const path = `/v${engine.apiVersion}/images/${repository}:1/tag?repo=${repository}&tag=${tag}`;
    const socketPath = new URL(engine.dockerHost).pathname;
    request({ socketPath, path, method: 'POST' }, (answer) => {
      answer.resume().on('end', () => (answer.statusCode === 201 ? resolve() : reject(new Error(`no tag ${tag}`))));
    })
      .on('error', reject)
      .end();
  });
