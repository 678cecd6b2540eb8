import { join } from 'node:path';

import type { CompleteScan, ScanOutcome } from '@scanner/core';
import { InMemoryBlobCache } from '@scanner/core/testing';
import {
  anImage,
  jarWithPom,
  namelessJar,
  publishImages,
  smallDebianImage,
  startClassicEngine,
  startCurrentEngine,
  startRegistry,
  temporaryDirectory,
  writeDockerArchive,
} from '@scanner/testing';
import type { BuiltImage, Engine, Registry, TemporaryDirectory } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createDockerEngine } from '../src/index.ts';
import type { TrivyScannerOptions } from '../src/index.ts';
import { complete, expectedIn, foundIn, layJavaDatabase, madeDirectory, openWorkbench } from './trivy-workbench.ts';
import type { Workbench } from './trivy-workbench.ts';

/** What fails fails by chance: which layer's jars are looked at first. */
const TIMES = Number(process.env['JAVA_FIRST_RUNS'] ?? 5);
const NAMES_ITSELF = { group: 'org.apache.logging.log4j', artifact: 'log4j-core', version: '2.14.1' };

/** The Debian base below so many layers, each with a jar that names itself and one that only the Java database knows. */
const imageWithJars = async (layers: number): Promise<BuiltImage> => {
  const base = (await smallDebianImage()).image.layers.map(({ tar }) => tar);
  const jars = Array.from({ length: layers }, (_, index) => ({
    [`opt/${index}/log4j-core.jar`]: jarWithPom(NAMES_ITSELF),
    [`opt/${index}/thing.jar`]: namelessJar(),
  }));
  return await anImage({ layers: [...base, ...jars] });
};

const withAllJars = async (layers: number): Promise<string[]> => [
  ...expectedIn(await smallDebianImage()),
  ...Array(layers).fill('CVE-2021-44228 org.apache.logging.log4j:log4j-core 2.14.1'),
  ...Array(layers).fill('CVE-2099-4001 org.example:nameless 1.0.0'),
];

const COUNTS = [1, 2, 3, 8];
const nameOf = (layers: number): string => `registry.example/jars/in-${layers}:1`;

let images: ReadonlyMap<number, BuiltImage>;
let directory: TemporaryDirectory;
let archives: string;
let registry: Registry;
const engines: Engine[] = [];

beforeAll(async () => {
  images = new Map(await Promise.all(COUNTS.map(async (count) => [count, await imageWithJars(count)] as const)));
  directory = await temporaryDirectory();
  archives = directory.path;
  registry = await startRegistry();
  for (const [count, image] of images) {
    await writeDockerArchive(join(archives, `${count}.tar`), [{ image, references: [nameOf(count)] }]);
    await publishImages(registry, [{ image, repository: `jars/in-${count}`, tag: '1' }]);
  }
  for (const start of [startClassicEngine, startCurrentEngine]) {
    const engine = await start();
    engines.push(engine);
    for (const count of images.keys()) await engine.load(join(archives, `${count}.tar`));
  }
});
afterAll(async () => {
  await directory[Symbol.asyncDispose]();
  await registry.stop();
  for (const engine of engines) await engine.stop();
});

type Options = Partial<TrivyScannerOptions>;

interface Way {
  readonly name: string;
  readonly options: () => Options;
  readonly scan: (bench: Workbench, layers: number) => Promise<ScanOutcome>;
}

const optionsFor = (engine: Engine | undefined): Options => {
  if (engine === undefined) throw new Error('the engine has not started');
  return {
    dockerEnvironment: { DOCKER_HOST: engine.dockerHost },
    imageExport: createDockerEngine({ host: engine.dockerHost, tls: null, origin: 'flag' }),
  };
};

const scanOnHost = async ({ scanner }: Workbench, engine: Engine | undefined, layers: number): Promise<ScanOutcome> => {
  const { images: listed } = await createDockerEngine({
    host: engine?.dockerHost ?? '',
    tls: null,
    origin: 'flag',
  }).list();
  const wanted = listed.filter(({ references }) => references.includes(nameOf(layers)));
  for await (const { id } of scanner.plan(wanted, {})) return await scanner.scan({ subject: { source: 'docker', id } });
  throw new Error('it was not given back');
};

const WAYS: readonly Way[] = [
  {
    name: 'an archive',
    options: () => ({}),
    scan: ({ scanner }, layers) =>
      scanner.scan({ subject: { source: 'archive', path: join(archives, `${layers}.tar`) } }),
  },
  {
    name: 'a registry',
    options: () => ({}),
    scan: ({ scanner }, layers) =>
      scanner.scan({ subject: { source: 'remote', reference: `${registry.host}/jars/in-${layers}:1` } }),
  },
  {
    name: 'a classic engine',
    options: () => optionsFor(engines[0]),
    scan: (bench, layers) => scanOnHost(bench, engines[0], layers),
  },
  {
    name: 'a current engine',
    options: () => optionsFor(engines[1]),
    scan: (bench, layers) => scanOnHost(bench, engines[1], layers),
  },
];

describe.each(WAYS)('jars in an image of $name', ({ options, scan }) => {
  const openBench = (given: Options = {}): Promise<Workbench> => openWorkbench({ ...options(), ...given });

  /** Each with what is right for it. */
  const allIn = async (layers: number) => ({
    coverage: 'full',
    reason: null,
    found: (await withAllJars(layers)).toSorted(),
  });
  const saidIn = (scan: CompleteScan) => ({ coverage: scan.coverage, reason: scan.reason, found: foundIn(scan) });

  test.each(COUNTS)('are all found by the first run ever, in %i layers, each time', async (layers) => {
    const java = (await madeDirectory()).path;
    for (let run = 0; run < TIMES; run += 1) {
      const bench = await openBench({ obtainJava: () => layJavaDatabase(join(java, String(run))) });
      expect(saidIn(complete(await scan(bench, layers)))).toEqual(await allIn(layers));
      await bench.scanner[Symbol.asyncDispose]();
    }
  });

  test('are all found once there is a Java database, however often there was none before', async () => {
    for (let run = 0; run < TIMES; run += 1) {
      const blobCache = new InMemoryBlobCache();
      for (const _ of [1, 2]) {
        const without = await openBench({ blobCache });
        for (const layers of [8, 2]) {
          const found = complete(await scan(without, layers));
          expect(found).toMatchObject({ coverage: 'partial', reason: { code: 'java_db_missing' } });
          expect(foundIn(found)).toEqual(expectedIn(await smallDebianImage()));
        }
        await without.scanner[Symbol.asyncDispose]();
      }
      const java = await layJavaDatabase((await madeDirectory()).path);
      const later = await openBench({ blobCache, obtainJava: () => Promise.resolve(java) });
      for (const layers of [2, 8, 3]) expect(saidIn(complete(await scan(later, layers)))).toEqual(await allIn(layers));
      await later.scanner[Symbol.asyncDispose]();
    }
  });
});
