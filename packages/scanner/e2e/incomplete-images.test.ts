import { gzipSync } from 'node:zlib';

import { HostPass } from '@scanner/core';
import type { HostImage } from '@scanner/core';
import { clockAt, InMemoryResultStore, RecordingPassLog } from '@scanner/core/testing';
import { alpineImage, anImage, nodeImage, publishImages, startCurrentEngine, startRegistry } from '@scanner/testing';
import type { Engine, Registry } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createDockerEngine } from '../src/index.ts';
import type { ImageExport } from '../src/index.ts';
import { countedBench } from './counted-workbench.ts';
import type { CountedBench } from './counted-workbench.ts';
import { complete, expectedIn, foundIn } from './trivy-workbench.ts';

/** The same layers compressed in another way: the engine has them unpacked, and does not fetch them a second time. */
describe('an image of which a current engine has not all parts', () => {
  let engine: Engine;
  let registry: Registry;

  beforeAll(async () => {
    engine = await startCurrentEngine();
    registry = await startRegistry();
    const tars = (await nodeImage()).image.layers.map(({ tar }) => tar);
    const [whole, lacking] = await Promise.all([
      anImage({ layers: tars, cmd: ['whole'] }),
      anImage({ layers: tars, cmd: ['lacking'] }),
    ]);
    const otherwise = new Map(lacking.layers.map(({ diffId, tar }) => [diffId, gzipSync(tar, { level: 1 })]));
    await publishImages(registry, [{ image: whole, repository: 'whole', tag: '1' }]);
    await publishImages(registry, [{ image: lacking, repository: 'lacking', tag: '1' }], otherwise);
    await publishImages(registry, [{ image: (await alpineImage()).image, repository: 'other', tag: '1' }]);
    for (const name of ['whole', 'lacking', 'other'])
      await engine.docker(['pull', '--quiet', `${registry.host}/${name}:1`]);
  });
  afterAll(async () => {
    await engine.stop();
    await registry.stop();
  });

  const source = () => createDockerEngine({ host: engine.dockerHost, tls: null, origin: 'flag' });
  const nameOf = ({ references }: Pick<HostImage, 'references'>): string =>
    /\/(\w+):1$/.exec(references[0] ?? '')?.[1] ?? '';
  const bench = (imageExport: ImageExport = source()): Promise<CountedBench> =>
    countedBench({ dockerEnvironment: { DOCKER_HOST: engine.dockerHost }, imageExport });
  const pass = async (names: readonly string[]) => {
    const { scanner } = await bench();
    const listing = await source().list();
    const images = listing.images.filter((image) => names.includes(nameOf(image)));
    const host = new HostPass({
      images: { list: () => Promise.resolve({ images, warnings: [] }) },
      openScanner: () => Promise.resolve(scanner),
      results: new InMemoryResultStore(),
      log: new RecordingPassLog(),
      clock: clockAt('2026-11-22T01:00:00.000Z'),
    });
    return host.run({
      selection: { only: [], ignore: [], untagged: false },
      severities: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'],
      extraArgs: [],
      concurrency: 2,
      timeoutSeconds: 120,
    });
  };

  test('is matched by what is known of others, and costs none of them a process', async () => {
    const { images } = await source().list();
    const together = await bench();
    const { scanner } = together;
    for await (const { id, references } of scanner.plan(images, {})) {
      const scan = complete(await scanner.scan({ subject: { source: 'docker', id } }));
      const expected = nameOf({ references }) === 'other' ? await alpineImage() : await nodeImage();
      expect(foundIn(scan)).toEqual(expectedIn(expected));
    }
    expect((await together.started()).toSorted()).toEqual(['image', 'server']);
  });

  test('is had from its registry by its digest, and otherwise failed with a reason of its own', async () => {
    const { document, warnings } = await pass(['lacking', 'other']);
    expect(document.images.map(({ status }) => status)).toEqual(['complete', 'complete']);
    const lacking = document.images.find((image) => nameOf(image) === 'lacking');
    expect(lacking?.findings.map(({ vulnerability }) => vulnerability).toSorted()).toEqual(
      (await nodeImage()).findings.map(({ id }) => id).toSorted(),
    );
    expect(warnings).toEqual([expect.stringMatching(/lacks parts of \S+lacking:1: it was had from its registry$/)]);

    await registry.stop();
    const later = await pass(['lacking', 'other']);
    expect(later.document.totals).toMatchObject({ images: 2, scanned: 1, failed: 1 });
    expect(later.document.images.find((image) => nameOf(image) === 'lacking')?.reason?.code).toBe('incomplete');
  });
});

test('an export that stalls is left out, and does not hold the images beside it for as long as all may take', async () => {
  await using engine = await startCurrentEngine();
  await using registry = await startRegistry();
  const tars = (await nodeImage()).image.layers.map(({ tar }) => tar);
  const names = Array.from({ length: 10 }, (_, index) => `app${index}`);
  const images = await Promise.all(
    names.map(async (repository) => ({
      image: await anImage({ layers: [...tars, { 'name.txt': repository }] }),
      repository,
      tag: '1',
    })),
  );
  await publishImages(registry, images);
  for (const name of names) await engine.docker(['pull', '--quiet', `${registry.host}/${name}:1`]);
  const real = createDockerEngine({ host: engine.dockerHost, tls: null, origin: 'flag' });
  const listed = (await real.list()).images;
  const stalls = listed[3]?.id ?? '';
  const stalling: ImageExport = {
    stillThere: (ids, signal) => real.stillThere(ids, signal),
    exportImages: async (ids, signal) => {
      const archive = await real.exportImages(ids, signal);
      return ids.includes(stalls) ? stalled(archive, signal) : archive;
    },
  };
  const bench = await countedBench({
    dockerEnvironment: { DOCKER_HOST: engine.dockerHost },
    imageExport: stalling,
  });
  const startedAt = performance.now();
  let scanned = 0;
  for await (const { id } of bench.scanner.plan(listed, { timeoutSeconds: 4 })) {
    const scan = complete(await bench.scanner.scan({ subject: { source: 'docker', id } }));
    expect(foundIn(scan)).toEqual(expectedIn(await nodeImage()));
    scanned += 1;
  }
  expect(scanned).toBe(10);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
  expect((await bench.started()).filter((word) => word === 'image').length).toBeLessThan(10);
});

type Archive = Awaited<ReturnType<ImageExport['exportImages']>>;

/** Its first bytes, and then one byte a second for ever. */
const stalled = (archive: Archive, signal: AbortSignal): Archive => ({
  [Symbol.asyncDispose]: () => archive[Symbol.asyncDispose](),
  async *[Symbol.asyncIterator]() {
    const head: Buffer[] = [];
    for await (const piece of archive) {
      head.push(Buffer.from(piece));
      if (head.length === 1) break;
    }
    const bytes = Buffer.concat(head);
    yield bytes.subarray(0, 600);
    for (let at = 600; ; at += 1) {
      await new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, 1000);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        });
      });
      yield bytes.subarray(at, at + 1);
    }
  },
});
