import { join } from 'node:path';

import { silentLog } from '@scanner/core';
import type { ScanRequest } from '@scanner/core';
import {
  alpineImage,
  alpineImageFor,
  almaLinuxImage,
  anImage,
  corruptLayerImage,
  endOfLifeImage,
  hostileImage,
  jarImage,
  nodeImage,
  publishImages,
  pythonImage,
  scratchImage,
  smallDebianImage,
  startFaultyProxy,
  startRegistry,
  unsupportedImage,
  writeOciLayout,
} from '@scanner/testing';
import type { BuiltImage, FaultRule, FaultyProxy, Registry } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

import type { TrivyScannerOptions } from '../src/index.ts';
import { countedBench, said } from './counted-workbench.ts';
import type { CountedBench } from './counted-workbench.ts';
import { complete, madeDirectory, PULLED_BY_TRIVY } from './trivy-workbench.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

const push = async (repository: string, ...platforms: BuiltImage[]): Promise<string> => {
  const layout = join((await madeDirectory()).path, 'layout');
  const { digest } = await writeOciLayout(layout, { reference: `registry.example/${repository}:1`, platforms });
  await registry.pushOci(layout, `${repository}:1`);
  return digest;
};

/** In front of the registry; it keeps what it was asked. */
const proxied = async (rules: readonly FaultRule[] = []): Promise<FaultyProxy> => {
  const proxy = await startFaultyProxy(registry.url, rules);
  onTestFinished(() => proxy.stop());
  return proxy;
};

/** Trivy greets each registry; we do not. */
const greetings = ({ requests }: FaultyProxy): number => requests.filter((line) => line === 'GET /v2/').length;
const timesAsked = ({ requests }: FaultyProxy, part: string): number =>
  requests.filter((line) => line.includes(part)).length;

const digestOfFirstLayer = async (repository: string): Promise<string> => {
  const answer = await fetch(`${registry.url}/v2/${repository}/manifests/1`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  const { layers } = z.object({ layers: z.array(z.object({ digest: z.string() })) }).parse(await answer.json());
  return layers[0]?.digest ?? '';
};

const layersLeft = async (bench: CountedBench): Promise<string[]> =>
  (await bench.leftovers()).filter((path) => /\/lay(?:ers|out)(?:\/|$)/.test(path));

interface TellingBench extends CountedBench {
  readonly warnings: readonly unknown[];
}

const telling = async (options: Partial<TrivyScannerOptions> & { java?: boolean } = {}): Promise<TellingBench> => {
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (message: string, facts?: object) => warnings.push({ message, ...facts }) };
  return { ...(await countedBench({ log, ...options })), warnings };
};

const remote = (host: string, repository: string, more: Partial<ScanRequest> = {}): ScanRequest => ({
  ...more,
  subject: { source: 'remote', reference: `${host}/${repository}:1` },
});

describe('an image of a registry that is got layer by layer', () => {
  const IMAGES: ReadonlyArray<readonly [string, () => Promise<BuiltImage>]> = [
    ['alpine', async () => (await alpineImage()).image],
    ['node', async () => (await nodeImage()).image],
    ['debian', async () => (await smallDebianImage()).image],
    ['python', async () => (await pythonImage()).image],
    ['jar', async () => (await jarImage()).image],
    ['alma', async () => (await almaLinuxImage()).image],
    ['scratch', async () => (await scratchImage()).image],
    ['end-of-life', async () => (await endOfLifeImage()).image],
    ['unsupported', async () => (await unsupportedImage()).image],
    ['hostile', async () => (await hostileImage()).image],
    ['same-layer-twice', () => anImage({ layers: [{ 'a.txt': 'a' }, { 'a.txt': 'b' }, { 'a.txt': 'a' }] })],
  ];

  test.each(IMAGES)('has all that is found in it when Trivy pulls it: %s', async (name, made) => {
    await push(`same/${name}`, await made());
    const proxy = await proxied();
    const [pulling, plain] = [await telling({ java: true }), await telling({ java: true })];
    const found = complete(await pulling.scanner.scan(remote(proxy.host, `same/${name}`)));
    expect(greetings(proxy)).toBe(0);
    const alone = await plain.scanner.scan(remote(proxy.host, `same/${name}`, PULLED_BY_TRIVY));
    expect(said(found)).toEqual(said(complete(alone)));
    expect(found.analysis).toBe('new');
    expect(await plain.started()).toEqual(['image']);
    expect(pulling.warnings).toEqual([]);
    expect(await layersLeft(pulling)).toEqual([]);
  });

  test('is asked for its index and its manifest once each, and for each layer once', async () => {
    const arm = await alpineImageFor('arm64');
    const digest = await push('shop/many', (await alpineImage()).image, arm);
    const proxy = await proxied();
    const bench = await telling();
    const subject = { source: 'remote', reference: `${proxy.host}/shop/many:1`, platform: 'linux/arm64' } as const;
    const scan = complete(await bench.scanner.scan({ subject }));
    expect(scan).toMatchObject({ digest, imageId: arm.id, layers: arm.layers.map(({ diffId }) => diffId) });
    expect(timesAsked(proxy, '/manifests/')).toBe(2);
    expect(timesAsked(proxy, '/blobs/')).toBe(1 + arm.layers.length);
  });

  test('shares layers with others that are scanned at the same time, and is remembered by its digest', async () => {
    const base = (await nodeImage()).image.layers.map(({ tar }) => tar);
    const own = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (number) => anImage({ layers: [...base, { 'which.txt': String(number) }] })),
    );
    await publishImages(
      registry,
      own.map((image, index) => ({ image, repository: `shared/app${index}`, tag: '1' })),
    );
    const proxy = await proxied();
    const bench = await telling({ concurrency: 2 });
    const digests = await Promise.all(
      own.map(async (_, index) => {
        const answer = await fetch(`${registry.url}/v2/shared/app${index}/manifests/1`, {
          method: 'HEAD',
          headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
        });
        return answer.headers.get('docker-content-digest') ?? '';
      }),
    );
    const subjects = digests.map(
      (digest, index) =>
        ({
          source: 'remote',
          reference: `${proxy.host}/shared/app${index}@${digest}`,
          platform: 'linux/amd64',
        }) as const,
    );
    const scans = await Promise.all(subjects.map((subject) => bench.scanner.scan({ subject })));
    expect(new Set(scans.map((scan) => complete(scan).findings.length)).size).toBe(1);
    expect(timesAsked(proxy, '/blobs/')).toBe(own.length + base.length + own.length);
    expect(subjects.every((subject) => bench.scanner.knows({ subject }))).toBe(true);
    expect(bench.warnings).toEqual([]);
  });
});

describe('an image that states a layer which it has not', () => {
  const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
  const NONDISTRIBUTABLE = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip';
  const at = (repository: string, tag: string): string => `${registry.url}/v2/${repository}/manifests/${tag}`;

  /** The npm image, one that states its layers and has others, and under the tag 2 one that does so as no plain image. */
  const publish = async (repository: string): Promise<void> => {
    const { image } = await nodeImage();
    const [base] = image.layers;
    const forged = image.layers.map(({ diffId }) => ({ diffId, tar: base?.tar ?? Buffer.alloc(0) }));
    await publishImages(registry, [{ image, repository: `${repository}/good`, tag: '1' }]);
    await publishImages(registry, [
      { image: { ...image, layers: forged }, repository: `${repository}/forged`, tag: '1' },
    ]);
    const answer = await fetch(at(`${repository}/forged`, '1'), { headers: { accept: MANIFEST } });
    const manifest = z.looseObject({ layers: z.array(z.looseObject({})) }).parse(await answer.json());
    const layers = manifest.layers.map((layer) => ({ ...layer, mediaType: NONDISTRIBUTABLE }));
    const { status } = await fetch(at(`${repository}/forged`, '2'), {
      method: 'PUT',
      headers: { 'content-type': MANIFEST },
      body: JSON.stringify({ ...manifest, layers }),
    });
    expect(status).toBe(201);
  };

  const findingsIn = async (bench: TellingBench, repository: string, tag = '1') => {
    const reference = `${registry.host}/${repository}:${tag}`;
    return complete(await bench.scanner.scan({ subject: { source: 'remote', reference } })).findings;
  };

  test('fails as no engine would run it, and takes nothing from those that have the layer', async () => {
    await publish('stated');
    const [bench, alone] = [await telling(), await telling()];
    const outcome = await bench.scanner.scan(remote(registry.host, 'stated/forged'));
    expect(outcome).toMatchObject({ status: 'failed', reason: { code: 'corrupt' } });
    expect(outcome).toMatchObject({
      reason: { message: expect.stringMatching(/sha256:\w+ is not the one that it states/) },
    });
    expect(await bench.started()).not.toContain('image');
    expect(await findingsIn(bench, 'stated/good')).toEqual(await findingsIn(alone, 'stated/good'));
    expect(bench.warnings).toEqual([]);
  });

  test('is left to Trivy where it is no plain image, and what is found in it counts for it alone', async () => {
    await publish('apart');
    const [bench, alone] = [await telling(), await telling()];
    const found = await findingsIn(bench, 'apart/forged', '2');
    expect(await bench.started()).toEqual(['image']);
    const good = await findingsIn(bench, 'apart/good');
    expect(good).toEqual(await findingsIn(alone, 'apart/good'));
    expect(good.length).toBeGreaterThan(found.length);
    expect(await findingsIn(bench, 'apart/forged', '2')).toEqual(found);
  });
});

describe('an image that cannot be got layer by layer', () => {
  const scanned = async (repository: string, rules: readonly FaultRule[]) => {
    const [proxy, bench] = [await proxied(rules), await telling()];
    return { proxy, bench, outcome: await bench.scanner.scan(remote(proxy.host, repository)) };
  };

  test('because layers break off on their way twice is pulled by Trivy', async () => {
    const { image } = await nodeImage();
    await push('odd/layers', image);
    const layers = new RegExp(`/blobs/(?!${image.id})`);
    const { bench, proxy, outcome } = await scanned('odd/layers', [
      { path: layers, fault: { kind: 'truncated', bytes: 10 }, times: 2 * image.layers.length },
    ]);
    expect(complete(outcome).findings).not.toEqual([]);
    expect(greetings(proxy)).toBe(1);
    expect(bench.warnings).toEqual([]);
    expect(await layersLeft(bench)).toEqual([]);
  });

  test('because a layer that it shares broke off is not tried again for each of those that wait', async () => {
    const base = (await nodeImage()).image.layers.map(({ tar }) => tar);
    const images = await Promise.all(
      ['a', 'b', 'c'].map(async (letter) => ({
        image: await anImage({ layers: [...base, { 'which.txt': letter }] }),
        repository: `odd/shared-${letter}`,
        tag: '1',
      })),
    );
    await publishImages(registry, images);
    const blob = await digestOfFirstLayer('odd/shared-a');
    const proxy = await proxied([{ path: new RegExp(blob), fault: { kind: 'truncated', bytes: 10 }, times: 1 }]);
    const bench = await telling();
    const outcomes = await Promise.all(
      images.map(({ repository }) => bench.scanner.scan(remote(proxy.host, repository))),
    );
    expect(new Set(outcomes.map((outcome) => complete(outcome).findings.length)).size).toBe(1);
    expect(timesAsked(proxy, blob)).toBe(2);
  });

  test.each([401, 403, 404, 429, 500])(
    'as its registry answers %i costs one request more, and no word',
    async (status) => {
      await push(`odd/answer-${status}`, (await nodeImage()).image);
      const { bench, proxy, outcome } = await scanned(`odd/answer-${status}`, [
        { path: /\/manifests\//, fault: { kind: 'status', status }, times: 1 },
      ]);
      expect(outcome.status).toBe('complete');
      expect(timesAsked(proxy, '/manifests/')).toBe(2);
      expect(bench.warnings).toEqual([]);
    },
  );

  test('because Trivy makes nothing of a layer fails as it does by itself', async () => {
    await push('odd/corrupt', await corruptLayerImage());
    const bench = await telling();
    const [outcome, alone] = [
      await bench.scanner.scan(remote(registry.host, 'odd/corrupt')),
      await bench.scanner.scan(remote(registry.host, 'odd/corrupt', PULLED_BY_TRIVY)),
    ];
    expect(outcome).toMatchObject({ status: 'failed', reason: alone.status === 'failed' ? alone.reason : null });
  });

  test('stops with its scan, and takes no longer than it may', async () => {
    await push('odd/stall', (await nodeImage()).image);
    const proxy = await proxied([{ path: /\/blobs\//, fault: { kind: 'stall' } }]);
    const bench = await telling();
    const late = await bench.scanner.scan({ ...remote(proxy.host, 'odd/stall'), timeoutSeconds: 1 });
    expect(late).toMatchObject({ status: 'failed', reason: { code: 'timeout' } });
    const abort = new AbortController();
    const running = bench.scanner.scan(remote(proxy.host, 'odd/stall'), abort.signal);
    abort.abort();
    expect(await running).toMatchObject({ reason: { code: 'interrupted' } });
    expect(await layersLeft(bench)).toEqual([]);
  });
});
