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
const MANY_NAMES = 'registry.example/odd/names';
/** An engine tells of all labels with every image: with these its list is longer than is read whole. */
const LONG = 20_000_000;
/** Podman takes no configuration of more than 4 MiB. */
const SHORTER = 4_000_000;

let database: PreparedDatabase;

beforeAll(async () => {
  database = await prepareDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

describe.each([
  // Podman gives names without a host one of its own.
  { name: 'classic', start: startClassicEngine, keepsNames: true, names: 2101, labelBytes: LONG },
  { name: 'current', start: startCurrentEngine, keepsNames: true, names: 0, labelBytes: LONG },
  { name: 'podman', start: startPodman, keepsNames: false, names: 0, labelBytes: SHORTER },
])('odd images of the $name engine', ({ start, keepsNames, names, labelBytes }) => {
  let engine: Engine;
  let user: GtsUser;
  let node: CatalogImage;
  let python: CatalogImage;
  let exitCode: number | null;
  let stderr: string;
  let pass: HostScanDocument;

  beforeAll(async () => {
    [engine, node, python] = await Promise.all([start(), nodeImage(), pythonImage()]);
    await using files = await temporaryDirectory();
    const archive = join(files.path, 'odd.tar');
    const layers = node.image.layers.map(({ tar }) => tar);
    const labels = { long: 'x'.repeat(labelBytes) };
    await writeDockerArchive(archive, [
      { image: node.image, references: ['registry.example/node:1'] },
      { image: python.image, references: [`${MANY_NAMES}:1`] },
      { image: await anImage({ layers, architecture: 'arm64/v8' }), references: [ODD_ARCHITECTURE] },
      { image: await anImage({ layers, labels, cmd: ['labelled'] }), references: [LONG_LABEL] },
    ]);
    await engine.load(archive);
    for (const name of [UNDERSCORE, TWO_UNDERSCORES]) await engine.docker(['tag', 'registry.example/node:1', name]);
    await engine.docker(['rmi', 'registry.example/node:1']);
    await mapBounded(
      Array.from({ length: names }, (_, index) => `build-${10_000 + index}`),
      8,
      (tag) => tagged(tag),
    );
    user = await gtsUser({
      ...database.environment,
      TRIVY_PATH: await realTrivy(),
      DOCKER_HOST: engine.dockerHost,
    });
    const ended = await user.gts(['host', 'scan', ...EVERYTHING]);
    ({ exitCode, stderr } = ended);
    pass = await readDocument(HostScanDocument, ended.stdout);
  });
  afterAll(async () => {
    await user[Symbol.asyncDispose]();
    await engine.stop();
  });

  const tagged = (tag: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const path = `/v${engine.apiVersion}/images/${MANY_NAMES}:1/tag?repo=${MANY_NAMES}&tag=${tag}`;
      const socketPath = new URL(engine.dockerHost).pathname;
      request({ socketPath, path, method: 'POST' }, (answer) => {
        answer.resume().on('end', () => (answer.statusCode === 201 ? resolve() : reject(new Error(`no tag ${tag}`))));
      })
        .on('error', reject)
        .end();
    });
  const withName = (end: string): ImageReport | undefined =>
    pass.images.find(({ references }) => references.some((reference) => reference.endsWith(end)));
  const foundIn = (report: ImageReport | undefined): string[] => (report?.findings ?? []).map(findingLine).toSorted();
  const knownOf = ({ findings }: CatalogImage): string[] =>
    findings.map(({ id, package: name, version }) => `${id} ${name} ${version}`).toSorted();

  it('are all scanned, and none is skipped', () => {
    expect(pass.images.filter(({ status }) => status !== 'complete')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(pass.totals.images).toBe(4);
    for (const name of [UNDERSCORE, TWO_UNDERSCORES, ODD_ARCHITECTURE, LONG_LABEL])
      expect(foundIn(withName(name)), name).toEqual(knownOf(node));
    expect(foundIn(withName(`${MANY_NAMES}:1`))).toEqual(knownOf(python));
  });

  it.runIf(keepsNames)('go by the names that the engine knows, in every place', async () => {
    expect(withName(UNDERSCORE)?.references).toEqual([TWO_UNDERSCORES, UNDERSCORE]);
    expect(withName(UNDERSCORE)?.log).toContain('a__b.c');
    const named = await readDocument(
      HostScanDocument,
      (await user.gts(['host', 'scan', ...EVERYTHING, '--image', UNDERSCORE, '--save-snapshot'])).stdout,
    );
    expect(named.images.map(({ references }) => references)).toEqual([[TWO_UNDERSCORES, UNDERSCORE]]);
    const baselines = await readDocument(BaselineListDocument, (await user.gts(['baseline', 'list', '--json'])).stdout);
    expect(baselines.baselines.map(({ reference }) => reference)).toContain(UNDERSCORE);
    for (const name of [UNDERSCORE, TWO_UNDERSCORES]) {
      const alone = await user.gts(['image', name, '--source', 'docker', ...EVERYTHING]);
      const { images } = await readDocument(ImageDocument, alone.stdout);
      expect(images.map(({ references }) => references)).toEqual([[name]]);
      expect(foundIn(images[0])).toEqual(knownOf(node));
    }
  });

  it.runIf(names > 2000)('count by their first 2000 names, and are found by each', async () => {
    expect(withName(`${MANY_NAMES}:1`)?.references).toHaveLength(2000);
    expect(stderr).toContain('names beyond the first 2000 of an image are left out');
    const last = `${MANY_NAMES}:build-${10_000 + names - 1}`;
    const asked = await user.gts(['host', 'scan', '--json', '--image', last]);
    const { totals } = await readDocument(HostScanDocument, asked.stdout);
    expect(totals).toMatchObject({ images: 1, failed: 0 });
  });
});
