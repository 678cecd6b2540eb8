import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { HostImage, ScanOutcome, ScanSubject } from '@scanner/core';
import { InMemoryBlobCache } from '@scanner/core/testing';
import {
  anImage,
  lyingImage,
  publishImages,
  smallDebianImage,
  startCurrentEngine,
  startRegistry,
  writeDockerArchive,
  writeOciArchive,
  writeOciLayout,
} from '@scanner/testing';
import type { BuiltImage, Engine, Registry } from '@scanner/testing';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { createDockerEngine } from '../src/index.ts';
import type { TrivyScannerOptions } from '../src/index.ts';
import { expectedIn, foundIn, madeDirectory, openWorkbench } from './trivy-workbench.ts';
import type { Workbench } from './trivy-workbench.ts';

const corrupt = {
  status: 'failed',
  reason: { code: 'corrupt', message: expect.stringContaining('not the one that it states') as string },
};
/** Nothing can be judged in it: it holds no packages. */
const nothingFound = { status: 'complete', coverage: 'unsupported', findings: [] };

const honest = async (): Promise<BuiltImage> => (await smallDebianImage()).image;

/** Another image with the same base, and a layer of its own. */
const mate = async (): Promise<BuiltImage> => {
  const base = (await honest()).layers.map(({ tar }) => tar);
  return await anImage({ layers: [...base, { 'mate.txt': 'mate' }] });
};

/** What is right for whatever stands on the honest base. */
const allFound = async () => ({ coverage: 'full', found: expectedIn(await smallDebianImage()) });
const saidOf = (outcome: ScanOutcome | undefined) =>
  outcome?.status === 'complete' ? { coverage: outcome.coverage, found: foundIn(outcome) } : outcome;

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

describe('an image of a containerd store that states the layers of others', () => {
  let engine: Engine;
  let loaded: Map<string, string>;
  beforeAll(async () => {
    engine = await startCurrentEngine();
  });
  afterAll(() => engine.stop());
  afterEach(async () => {
    for (const reference of loaded.keys()) await engine.docker(['rmi', '--force', reference]).catch(() => '');
  });

  /** In this order; the engine may say that an image is not what it states, and lists it all the same. */
  const load = async (images: ReadonlyArray<readonly [string, BuiltImage]>): Promise<readonly HostImage[]> => {
    loaded = new Map(images.map(([name]) => [`registry.example/lies/${name}:1`, name]));
    const { path } = await madeDirectory();
    for (const [name, image] of images) {
      const layout = join(path, name);
      await writeOciLayout(layout, { reference: `registry.example/lies/${name}:1`, platforms: [image] });
      await writeOciArchive(`${layout}.tar`, layout);
      await engine.load(`${layout}.tar`).catch(() => {});
    }
    const listed = await sourceOf().list();
    expect(listed.images.flatMap(({ references }) => references).toSorted()).toEqual([...loaded.keys()].toSorted());
    return listed.images;
  };

  const sourceOf = () => createDockerEngine({ host: engine.dockerHost, tls: null, origin: 'flag' });

  const openBench = (blobCache = new InMemoryBlobCache()): Promise<Workbench> =>
    openWorkbench({ blobCache, imageExport: sourceOf(), dockerEnvironment: { DOCKER_HOST: engine.dockerHost } });

  const pass = async (bench: Workbench, images: readonly HostImage[]): Promise<Map<string, ScanOutcome>> => {
    const outcomes = new Map<string, ScanOutcome>();
    for await (const { id, references } of bench.scanner.plan(images, {})) {
      const outcome = await bench.scanner.scan({ subject: { source: 'docker', id } });
      outcomes.set(loaded.get(references[0] ?? '') ?? '', outcome);
    }
    return outcomes;
  };

  const KINDS: ReadonlyArray<readonly [string, () => Promise<BuiltImage>]> = [
    ['with a configuration of its own', async () => lyingImage(await honest(), { label: 'lie' })],
    ['with the very configuration of another', async () => lyingImage(await honest())],
    ['for another processor', async () => lyingImage(await honest(), { architecture: 'arm64' })],
  ];

  describe.each(KINDS)('%s', (_, made) => {
    test.each([
      ['loaded before them', true],
      ['loaded after them', false],
    ])('is corrupt and harms none of them, in one pass and in later ones: %s', async (__, liesFirst) => {
      const lie = ['lie', await made()] as const;
      const others = [['honest', await honest()] as const, ['mate', await mate()] as const];
      const images = await load(liesFirst ? [lie, ...others] : [...others, lie]);
      for (const inOrder of [images, images.toReversed()]) {
        const blobCache = new InMemoryBlobCache();
        for (const round of [1, 2]) {
          const outcomes = await pass(await openBench(blobCache), inOrder);
          expect(outcomes.get('lie'), `round ${round}`).toMatchObject(corrupt);
          expect(saidOf(outcomes.get('honest'))).toEqual(await allFound());
          expect(saidOf(outcomes.get('mate'))).toEqual(await allFound());
        }
      }
    });

    test.each([['lie'], ['honest']])('changes nothing where the first to be scanned is alone: %s', async (first) => {
      const images = await load([
        ['lie', await made()],
        ['honest', await honest()],
      ]);
      const blobCache = new InMemoryBlobCache();
      const isFirst = ({ references }: HostImage): boolean => loaded.get(references[0] ?? '') === first;
      const outcomes = new Map([
        ...(await pass(await openBench(blobCache), images.filter(isFirst))),
        ...(await pass(await openBench(blobCache), images)),
      ]);
      expect(outcomes.get('lie')).toMatchObject(corrupt);
      expect(saidOf(outcomes.get('honest'))).toEqual(await allFound());
    });
  });

  test('is not checked, and those that are what they state are, without another export', async () => {
    const images = await load([
      ['lie', await lyingImage(await honest())],
      ['honest', await honest()],
    ]);
    const blobCache = new InMemoryBlobCache();
    await pass(await openBench(blobCache), images);
    const later = await openBench(blobCache);
    const isChecked = new Map<string | undefined, boolean>();
    for (const image of images)
      isChecked.set(loaded.get(image.references[0] ?? ''), await later.scanner.isChecked(image));
    expect(Object.fromEntries(isChecked)).toEqual({ lie: false, honest: true });
  });

  test('is judged by itself where a process gets it, whoever was scanned before', async () => {
    const images = await load([
      ['lie', await lyingImage(await honest(), { label: 'lie' })],
      ['honest', await honest()],
    ]);
    const dockerEnvironment = { DOCKER_HOST: engine.dockerHost };
    for (const inOrder of [images, images.toReversed()]) {
      const bench = await openWorkbench({ dockerEnvironment });
      const outcomes = new Map<string | undefined, ScanOutcome>();
      for (const { id, references } of inOrder)
        outcomes.set(loaded.get(references[0] ?? ''), await bench.scanner.scan({ subject: { source: 'docker', id } }));
      expect(outcomes.get('lie')).toMatchObject(nothingFound);
      expect(saidOf(outcomes.get('honest'))).toEqual(await allFound());
    }
  });
});

/** A way in, and what an image that lies comes to by it. */
interface WayIn {
  readonly name: string;
  readonly prepare: (lie: BuiltImage) => Promise<(bench: Workbench) => Promise<ScanOutcome>>;
  readonly becomes: object;
}

const scanIn =
  (subject: ScanSubject, keptReport = false) =>
  (bench: Workbench): Promise<ScanOutcome> =>
    bench.scanner.scan({
      subject,
      ...(keptReport && { keepReportAt: join(bench.scanner.reportsDirectory, `report-${Math.random()}.json`) }),
    });

const publish = async (image: BuiltImage, name: string): Promise<string> => {
  const repository = `lies/${name}`;
  await publishImages(registry, [{ image, repository, tag: '1' }]);
  return `/${repository}:1`;
};

/** A registry that gives our own client nothing, and Trivy everything. */
const twoFaced = async (refused: RegExp): Promise<string> => {
  const server = createServer((asked, answer) => {
    const isOurs = !(asked.headers['user-agent'] ?? '').startsWith('trivy');
    if (isOurs && refused.test(asked.url ?? '')) {
      answer.writeHead(503).end();
      return;
    }
    const { method, url: path, headers } = asked;
    const passed = request(`${registry.url}${path ?? '/'}`, { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 500, given.headers);
      given.pipe(answer);
    });
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  onTestFinished(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
};

const WAYS: readonly WayIn[] = [
  {
    name: 'an archive',
    prepare: async (lie) => {
      const path = join((await madeDirectory()).path, 'lie.tar');
      await writeDockerArchive(path, [{ image: lie, references: ['registry.example/lie:1'] }]);
      return scanIn({ source: 'archive', path });
    },
    becomes: corrupt,
  },
  {
    name: 'an archive with a report that is kept',
    prepare: async (lie) => {
      const path = join((await madeDirectory()).path, 'lie.tar');
      await writeDockerArchive(path, [{ image: lie, references: ['registry.example/lie:1'] }]);
      return scanIn({ source: 'archive', path }, true);
    },
    becomes: corrupt,
  },
  {
    name: 'an OCI directory',
    prepare: async (lie) => {
      const path = join((await madeDirectory()).path, 'lie');
      await writeOciLayout(path, { reference: 'registry.example/lie:1', platforms: [lie] });
      return scanIn({ source: 'archive', path });
    },
    becomes: nothingFound,
  },
  {
    name: 'an OCI directory with a report that is kept',
    prepare: async (lie) => {
      const path = join((await madeDirectory()).path, 'lie');
      await writeOciLayout(path, { reference: 'registry.example/lie:1', platforms: [lie] });
      return scanIn({ source: 'archive', path }, true);
    },
    becomes: nothingFound,
  },
  {
    name: 'a registry',
    prepare: async (lie) => scanIn({ source: 'remote', reference: `${registry.host}${await publish(lie, 'plain')}` }),
    becomes: corrupt,
  },
  {
    name: 'a registry with a report that is kept',
    prepare: async (lie) =>
      scanIn({ source: 'remote', reference: `${registry.host}${await publish(lie, 'kept')}` }, true),
    becomes: corrupt,
  },
  ...[/\/manifests\//, /\/blobs\//].map((refused): WayIn => ({
    name: `a registry that answers Trivy otherwise than us for ${refused.source.replaceAll('\\', '')}`,
    prepare: async (lie) => {
      const reference = `${await twoFaced(refused)}${await publish(lie, 'faces')}`;
      return scanIn({ source: 'remote', reference });
    },
    becomes: nothingFound,
  })),
];

describe.each(WAYS)('an image that states the layers of others, from $name', ({ prepare, becomes }) => {
  const images = async () => {
    const lie = await prepare(await lyingImage(await honest(), { label: 'lie' }));
    const good = scanIn({ source: 'remote', reference: `${registry.host}${await publish(await honest(), 'honest')}` });
    const other = scanIn({ source: 'remote', reference: `${registry.host}${await publish(await mate(), 'mate')}` });
    return { lie, good, other };
  };
  const open = (blobCache: TrivyScannerOptions['blobCache']): Promise<Workbench> => openWorkbench({ blobCache });

  test('changes nothing for those that have them, scanned before them or after', async () => {
    const { lie, good, other } = await images();
    for (const inOrder of [
      [lie, good, other],
      [good, lie, other, lie],
    ]) {
      const blobCache = new InMemoryBlobCache();
      const together = await open(new InMemoryBlobCache());
      for (const scan of inOrder) {
        // All by one scanner, and each by a new one over the same cache.
        const outcomes = [await scan(together), await scan(await open(blobCache))];
        const right = scan === lie ? becomes : await allFound();
        expect(scan === lie ? outcomes : outcomes.map(saidOf)).toMatchObject([right, right]);
      }
    }
  });

  test('changes nothing for those that have them, scanned at the same time', async () => {
    const { lie, good, other } = await images();
    const bench = await open(new InMemoryBlobCache());
    const [first, ...others] = await Promise.all([lie(bench), good(bench), other(bench)]);
    expect(first).toMatchObject(becomes);
    expect(others.map(saidOf)).toEqual([await allFound(), await allFound()]);
  });
});
