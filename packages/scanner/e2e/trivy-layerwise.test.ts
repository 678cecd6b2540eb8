import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { silentLog } from '@scanner/core';
import type { CompleteScan, HostImage, PlannedScan, ScanOutcome } from '@scanner/core';
import { InMemoryBlobCache } from '@scanner/core/testing';
import {
  almaLinuxFiles,
  anImage,
  goProgram,
  loadStandardImages,
  mendedNodeImage,
  nodeImage,
  npmPackage,
  rpmDatabase,
  startClassicEngine,
  startCurrentEngine,
  startRegistry,
  writeDockerArchive,
  writeOciLayout,
} from '@scanner/testing';
import type { BuiltImage, Engine } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createDockerEngine } from '../src/index.ts';
import type { ImageExport } from '../src/index.ts';
import { countedBench, said } from './counted-workbench.ts';
import type { CountedBench } from './counted-workbench.ts';
import { complete, madeDirectory } from './trivy-workbench.ts';
import type { Workbench } from './trivy-workbench.ts';

describe.each([
  ['classic', startClassicEngine],
  ['current', startCurrentEngine],
])('images of a %s engine that are scanned together', (_, start) => {
  let engine: Engine;
  let images: readonly HostImage[];

  beforeAll(async () => {
    engine = await start();
    await loadStandardImages(engine);
    ({ images } = await sourceOf(engine).list());
  });
  afterAll(() => engine.stop());

  const sourceOf = ({ dockerHost }: Engine) => createDockerEngine({ host: dockerHost, tls: null, origin: 'flag' });
  const open = (java: boolean): Promise<CountedBench> =>
    countedBench({
      java,
      dockerEnvironment: { DOCKER_HOST: engine.dockerHost },
      imageExport: sourceOf(engine),
    });
  const openAlone = (java: boolean): Promise<CountedBench> =>
    countedBench({ java, dockerEnvironment: { DOCKER_HOST: engine.dockerHost } });
  const scanEach = async (
    bench: Workbench,
    inOrder: AsyncIterable<HostImage> | readonly HostImage[],
    how: PlannedScan = {},
  ) => {
    const scans = new Map<string, CompleteScan>();
    for await (const { id } of inOrder)
      scans.set(id, complete(await bench.scanner.scan({ ...how, subject: { source: 'docker', id } })));
    return images.map(({ id }) => scans.get(id));
  };

  test('have the findings that each has by itself, with a process a base', async () => {
    const [alone, together] = [await openAlone(true), await open(true)];
    const found = await scanEach(together, together.scanner.plan(images, {}));
    const expected = await scanEach(alone, images);
    expect(found.map(said)).toEqual(expected.map(said));
    const bases = new Set(images.map(({ layers }) => layers[0]));
    expect((await together.started()).toSorted()).toEqual([...Array(bases.size).fill('image'), 'server']);
    expect(await alone.started()).toEqual(images.map(() => 'image'));
  });

  test('are matched again with no export and no process an image by a later scanner', async () => {
    const first = await open(true);
    const found = await scanEach(first, first.scanner.plan(images, {}));
    const nothingLeaves: ImageExport = {
      exportImages: () => Promise.reject(new Error('nothing is to be exported')),
      stillThere: () => Promise.reject(new Error('nothing is to be exported')),
    };
    const later = await countedBench({ java: true, blobCache: first.blobCache, imageExport: nothingLeaves });
    const again = await scanEach(later, later.scanner.plan(images, {}));
    expect(again.map(said)).toEqual(found.map(said));
    expect(new Set(again.map((scan) => scan?.analysis))).toEqual(new Set(['reused']));
    expect(await later.started()).toEqual(['server']);
  });

  test('keep to flags that change what is analysed and what is told', async () => {
    const how = { extraArgs: ['--ignore-unfixed', '--pkg-types=os'] };
    const [alone, together] = [await openAlone(true), await open(true)];
    const found = await scanEach(together, together.scanner.plan(images, how), how);
    expect(found.map(said)).toEqual((await scanEach(alone, images, how)).map(said));
    expect((await together.started()).length).toBeLessThan((await alone.started()).length);
  });

  test('are scanned without the one that was removed meanwhile', async () => {
    const other = anyOf(images);
    const nobodys = `sha256:${'0'.repeat(64)}`;
    const gone: HostImage = { ...other, id: nobodys, layers: [...other.layers, nobodys] };
    const bench = await open(true);
    const outcomes: ScanOutcome[] = [];
    for await (const { id } of bench.scanner.plan([gone, ...images], {}))
      outcomes.push(await bench.scanner.scan({ subject: { source: 'docker', id } }));
    const failed = outcomes.filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ reason: { code: 'not_found' }, blocks: false }]);
    expect(outcomes).toHaveLength(images.length + 1);
  });

  test('are scanned one by one where they cannot be exported together', async () => {
    const broken: ImageExport = {
      exportImages: () => Promise.resolve(Readable.from([Buffer.alloc(700, 'x')])),
      stillThere: (ids) => Promise.resolve(new Set(ids)),
    };
    const warnings: string[] = [];
    const bench = await countedBench({
      java: true,
      dockerEnvironment: { DOCKER_HOST: engine.dockerHost },
      imageExport: broken,
      log: { ...silentLog, warn: (message) => warnings.push(message) },
    });
    const found = await scanEach(bench, bench.scanner.plan(images, {}));
    expect(found).toHaveLength(images.length);
    expect(warnings).toEqual([expect.stringContaining('could not be exported together')]);
  });
});

test('what lies above a module of RPM packages, a Go program, and what a layer takes away or replaces, count as they do for a process', async () => {
  const nginx = {
    name: 'nginx',
    version: '1.20.1',
    release: '1.module_el8.10.0+1',
    modularityLabel: 'nginx:1.20:8100020240101000000:1234abcd',
  };
  const files = { ...almaLinuxFiles('8.10', []), 'var/lib/rpm/rpmdb.sqlite': await rpmDatabase([nginx]) };
  const [modules, base] = [await anImage({ layers: [files, { 'a.txt': 'a' }] }), (await nodeImage()).image];
  const layers = base.layers.map(({ tar }) => tar);
  const removed = await anImage({
    layers: [...layers, { 'app/.wh.node_modules': '' }],
  });
  const replaced = await anImage({ layers: [...layers, npmPackage('minimist', '1.2.8'), npmPackage('tar', '6.1.0')] });
  const again = { 'opt/copy/package.json': JSON.stringify({ name: 'minimist', version: '1.2.5' }) };
  const twice = await anImage({ layers: [...layers, again] });
  const programs = await anImage({ layers: [{ 'usr/bin/app': await goProgram('v0.3.6') }] });
  await using engine = await startClassicEngine();
  const { path: directory } = await madeDirectory();
  const archive = join(directory, 'images.tar');
  await writeDockerArchive(archive, [
    { image: modules, references: ['registry.example/modules:1'] },
    { image: removed, references: ['registry.example/removed:1'] },
    { image: replaced, references: ['registry.example/replaced:1'] },
    { image: twice, references: ['registry.example/twice:1'] },
    { image: programs, references: ['registry.example/programs:1'] },
  ]);
  await engine.load(archive);
  const source = createDockerEngine({ host: engine.dockerHost, tls: null, origin: 'flag' });
  const { images } = await source.list();
  const dockerEnvironment = { DOCKER_HOST: engine.dockerHost };
  const [alone, together] = [
    await countedBench({ dockerEnvironment }),
    await countedBench({ dockerEnvironment, imageExport: source }),
  ];
  const names = new Map<string, readonly string[]>();
  for await (const { id, references } of together.scanner.plan(images, {})) {
    const request = { subject: { source: 'docker', id } } as const;
    const found = complete(await together.scanner.scan(request));
    expect(said(found)).toEqual(said(complete(await alone.scanner.scan(request))));
    names.set(
      references[0] ?? '',
      found.findings.map(({ package: name }) => name),
    );
  }
  expect(names.get('registry.example/modules:1')).toContain('nginx');
  expect(names.get('registry.example/programs:1')).toEqual(['golang.org/x/text']);
  expect(names.get('registry.example/removed:1')).not.toContain('minimist');
  expect(names.get('registry.example/removed:1')).not.toEqual([]);
  expect(names.get('registry.example/replaced:1')).not.toContain('minimist');
  expect(names.get('registry.example/twice:1')?.filter((name) => name === 'minimist')).toHaveLength(2);
  expect((await together.started()).filter((word) => word === 'image')).toHaveLength(3);
});

test('a layer that comes damaged costs its group a process an image, and no finding', async () => {
  const { image: sound } = await nodeImage();
  const { image: other } = await mendedNodeImage();
  const { path: directory } = await madeDirectory();
  const [loaded, exported] = [join(directory, 'loaded.tar'), join(directory, 'exported.tar')];
  const references = ['registry.example/sound:1'];
  await writeDockerArchive(loaded, [
    { image: sound, references },
    { image: other, references: [] },
  ]);
  const damage = (image: BuiltImage): BuiltImage => ({
    ...image,
    layers: image.layers.map((layer, index) => (index === 0 ? layer : { ...layer, tar: Buffer.alloc(2048, 'x') })),
  });
  await writeDockerArchive(exported, [
    { image: damage(sound), references },
    { image: other, references: [] },
  ]);
  await using engine = await startClassicEngine();
  await engine.load(loaded);
  const { images } = await createDockerEngine({ host: engine.dockerHost, tls: null, origin: 'flag' }).list();
  const damaged: ImageExport = {
    exportImages: () => Promise.resolve(createReadStream(exported)),
    stillThere: (ids) => Promise.resolve(new Set(ids)),
    checksLayers: () => Promise.resolve(true),
  };
  const warnings: string[] = [];
  const dockerEnvironment = { DOCKER_HOST: engine.dockerHost };
  const log = { ...silentLog, warn: (message: string) => warnings.push(message) };
  const [alone, together] = [
    await countedBench({ dockerEnvironment }),
    await countedBench({ dockerEnvironment, imageExport: damaged, log }),
  ];
  for await (const { id } of together.scanner.plan(images, {})) {
    const request = { subject: { source: 'docker', id } } as const;
    const found = complete(await together.scanner.scan(request));
    expect(found.findings).not.toEqual([]);
    expect(said(found)).toEqual(said(complete(await alone.scanner.scan(request))));
  }
  expect(warnings).toEqual([expect.stringContaining('could not be exported together')]);
});

test('images of a registry share a base, and are matched again without a request', async () => {
  await using registry = await startRegistry();
  const base = (await nodeImage()).image.layers.map(({ tar }) => tar);
  const { path: directory } = await madeDirectory();
  const subjects = await Promise.all(
    [1, 2, 3].map(async (number) => {
      const layout = join(directory, String(number));
      const image = await anImage({ layers: [...base, { 'which.txt': String(number) }] });
      const { digest } = await writeOciLayout(layout, {
        reference: `registry.example/app:${number}`,
        platforms: [image],
      });
      await registry.pushOci(layout, `shop/app${number}:1`);
      const reference = `${registry.host}/shop/app${number}@${digest}`;
      return { source: 'remote', reference, platform: 'linux/amd64' } as const;
    }),
  );
  const analysed: string[] = [];
  const blobCache = new (class extends InMemoryBlobCache {
    override set(key: string, value: Buffer): boolean {
      if (key.startsWith('fanal::blob::')) analysed.push(key);
      return super.set(key, value);
    }
  })();
  const first = await countedBench({ blobCache });
  const found = await Promise.all(subjects.map((subject) => first.scanner.scan({ subject })));
  expect(new Set(analysed).size).toBe(analysed.length);
  await registry.stop();

  const later = await countedBench({ blobCache });
  expect(subjects.every((subject) => later.scanner.knows({ subject }))).toBe(true);
  const again = await Promise.all(subjects.map((subject) => later.scanner.scan({ subject })));
  expect(again.map((scan) => said(complete(scan)))).toEqual(found.map((scan) => said(complete(scan))));
  expect(await later.started()).toEqual(['server']);
});

const anyOf = (images: readonly HostImage[]): HostImage => {
  const [image] = images;
  if (image === undefined) throw new Error('the engine has images');
  return image;
};
