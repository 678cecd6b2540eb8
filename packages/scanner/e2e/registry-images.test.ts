import { mkdtemp, readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { systemClock } from '@scanner/core';
import { anImage, sha256 } from '@scanner/testing';
import type { BuiltImage } from '@scanner/testing';
import { beforeAll, describe, expect, test } from 'vitest';

import { SpoolBudget } from '../src/image-export/spool-entry.ts';
import { pullLayers } from '../src/registry/pull-layers.ts';
import { RegistryImages } from '../src/registry/registry-images.ts';
import type { RegistryImage, RegistryImagesOptions } from '../src/registry/registry-images.ts';
import { fakeRegistry } from './fake-registry.ts';
import { madeDirectory } from './trivy-workbench.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const never = new AbortController().signal;

/** What a registry holds, by the end of its address, each with the type that it is sent as. */
type Held = Map<string, readonly [type: string, bytes: Buffer]>;

let image: BuiltImage;
beforeAll(async () => {
  image = await anImage({ layers: [{ 'a.txt': 'a'.repeat(100_000) }, { 'b.txt': 'b' }] });
});

interface HeldImage {
  readonly held: Held;
  readonly manifest: Record<string, unknown>;
  /** Digests of its layers, as they are sent. */
  readonly layers: readonly string[];
}

/** An image as a registry holds it, under the tag `1`. */
const hold = (
  compress: (tar: Uint8Array) => Uint8Array = gzipSync,
  change: (manifest: Record<string, unknown>) => object = (manifest) => manifest,
): HeldImage => {
  const held: Held = new Map();
  const put = (mediaType: string, content: Uint8Array) => {
    const [bytes, digest] = [Buffer.from(content), sha256(content)];
    held.set(`/blobs/${digest}`, ['application/octet-stream', bytes]);
    return { mediaType, digest, size: bytes.length };
  };
  const layers = image.layers.map(({ tar }) => put(`${LAYER}+gzip`, compress(tar)));
  const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: put(CONFIG, image.config), layers };
  name(held, MANIFEST, change(manifest));
  return { held, manifest, layers: layers.map(({ digest }) => digest) };
};

const name = (held: Held, type: string, manifest: object, tag = '1'): string => {
  const bytes = Buffer.from(JSON.stringify(manifest));
  held.set(`/manifests/${tag}`, [type, bytes]);
  held.set(`/manifests/${sha256(bytes)}`, [type, bytes]);
  return sha256(bytes);
};

const giveOut =
  (held: Held): RequestListener =>
  ({ url = '' }, response) => {
    const [, found] = [...held].find(([end]) => url.endsWith(end)) ?? [];
    if (found === undefined) response.writeHead(404).end('{}');
    else response.writeHead(200, { 'content-type': found[0], 'content-length': found[1].length }).end(found[1]);
  };

/** Of one blob it answers otherwise. */
const giveOutBut =
  (held: Held, digest: string | undefined, answer: RequestListener): RequestListener =>
  (request, response) =>
    request.url?.endsWith(digest ?? 'none') ? answer(request, response) : giveOut(held)(request, response);

const open = (options: Partial<RegistryImagesOptions> = {}): RegistryImages =>
  new RegistryImages({
    credentials: { find: () => Promise.resolve(null) },
    mirrors: {},
    clock: systemClock,
    ...options,
  });

const pull = async (
  images: RegistryImages,
  found: RegistryImage,
  { maxBytes = 10_000_000, signal = never } = {},
): Promise<Buffer[]> => {
  const directory = await mkdtemp(join((await madeDirectory()).path, 'layers-'));
  const pulled = await pullLayers(images, found, found.layers, {
    directory,
    disk: new SpoolBudget(maxBytes),
    gunzip: null,
    signal,
  });
  const byDiffId = new Map(pulled.map(({ diffId, file }) => [diffId, file.path]));
  return Promise.all(found.layers.map(({ diffId }) => readFile(byDiffId.get(diffId) ?? '')));
};

const pullFrom = async (answer: RequestListener, options: { maxBytes?: number; signal?: AbortSignal } = {}) => {
  const images = open();
  return pull(images, await images.find(`${await fakeRegistry(answer)}/shop/app:1`, undefined, never), options);
};

describe('an image of a registry', () => {
  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
    [
      'gzip in two parts',
      (tar: Uint8Array) => Buffer.concat([gzipSync(tar.subarray(0, 99)), gzipSync(tar.subarray(99))]),
    ],
    ['no compression', (tar: Uint8Array) => tar],
  ])('has its layers inflated: %s', async (_, compress) => {
    const { held } = hold(compress);
    expect(await pullFrom(giveOut(held))).toEqual(image.layers.map(({ tar }) => Buffer.from(tar)));
  });

  test('is what its configuration says', async () => {
    const { held } = hold();
    const host = await fakeRegistry(giveOut(held));
    const found = await open().find(`${host}/shop/app:1`, 'linux/amd64', never);
    expect(found).toMatchObject({
      imageId: image.id,
      digest: sha256(held.get('/manifests/1')?.[1] ?? Buffer.alloc(0)),
      platform: 'linux/amd64',
      layers: image.layers.map(({ diffId }, index) => ({ diffId, createdBy: `COPY layer-${index} /` })),
    });
  });

  test('is found on the first mirror', async () => {
    const { held } = hold();
    const mirror = await fakeRegistry(giveOut(held));
    const images = open({ mirrors: { 'docker.io': [`${mirror}/hub`] } });
    expect(await images.find('shop/app:1', undefined, never)).toMatchObject({ imageId: image.id });
  });

  test('is shown a login only where it is kept, wherever its layers lie', async () => {
    const { held, layers } = hold();
    const shown: Array<string | undefined> = [];
    const elsewhere = await fakeRegistry((request, response) => {
      shown.push(request.headers.authorization);
      giveOut(held)(request, response);
    });
    const host = await fakeRegistry((request, response) => {
      if (request.headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      else
        giveOutBut(held, layers[0], ({ url }, redirect) =>
          redirect.writeHead(307, { location: `http://${elsewhere}${url}` }).end(),
        )(request, response);
    });
    const images = open({ credentials: { find: () => Promise.resolve({ username: 'ali', password: 'sesame' }) } });
    await pull(images, await images.find(`${host}/shop/app:1`, undefined, never));
    expect(shown).toEqual([undefined]);
  });

  test('is asked for with a token where its registry wants one', async () => {
    const { held } = hold();
    const asked: string[] = [];
    const host = await fakeRegistry((request, response) => {
      if (request.url?.startsWith('/token')) return void response.end('{"token":"let-me-in"}');
      asked.push(`${request.headers.authorization ?? 'nobody'} ${request.url?.split('/').at(-2)}`);
      if (request.headers.authorization === 'Bearer let-me-in') return giveOut(held)(request, response);
      const realm = `Bearer realm="http://${request.headers.host}/token",service="registry"`;
      response.writeHead(401, { 'www-authenticate': realm }).end();
    });
    const images = open();
    await pull(images, await images.find(`${host}/shop/app:1`, undefined, never));
    expect(asked).toEqual([
      'nobody manifests',
      ...['manifests', 'blobs', 'blobs', 'blobs'].map((what) => `Bearer let-me-in ${what}`),
    ]);
  });
});

describe('what is no image in layers', () => {
  const LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
  const find = async (held: Held, platform?: string): Promise<unknown> =>
    open()
      .find(`${await fakeRegistry(giveOut(held))}/shop/app:1`, platform, never)
      .catch((error: unknown) => (error instanceof Error ? `${error.constructor.name}: ${error.message}` : error));

  test.each<readonly [string, (manifest: Record<string, unknown>) => object]>([
    ['an artifact', (manifest) => ({ ...manifest, artifactType: 'application/vnd.example' })],
    [
      'a chart',
      (manifest) => ({ ...manifest, config: { ...Object(manifest['config']), mediaType: 'application/vnd.helm' } }),
    ],
    [
      'an image with layers that lie elsewhere',
      (manifest) => ({
        ...manifest,
        layers: [
          { ...Object(manifest['config']), mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar' },
        ],
      }),
    ],
    ['an image with other layers than it states', (manifest) => ({ ...manifest, layers: [] })],
  ])('is left to others: %s', async (_, change) => {
    expect(await find(hold(gzipSync, change).held)).toMatch(/^NotPullable: /);
  });

  test.each<readonly [string, (manifest: Record<string, unknown>) => object]>([
    [
      'a chart',
      (manifest) => ({ ...manifest, config: { ...Object(manifest['config']), mediaType: 'application/vnd.helm' } }),
    ],
    [
      'an artifact with an empty configuration',
      (manifest) => ({
        ...manifest,
        config: { ...Object(manifest['config']), mediaType: 'application/vnd.oci.empty.v1+json' },
      }),
    ],
    ['an artifact by its own word', (manifest) => ({ ...manifest, artifactType: 'application/wasm' })],
  ])('is none where an index has it for the platform: %s', async (_, change) => {
    const { held, manifest } = hold();
    const digest = name(held, MANIFEST, change(manifest), 'artifact');
    const platform = { os: 'linux', architecture: 'amd64' };
    name(held, INDEX, { schemaVersion: 2, manifests: [{ mediaType: MANIFEST, digest, size: 1, platform }] });
    expect(await find(held)).toMatch(/^NotAnImage: what it has for the platform is application\//);
  });

  test('an image is found behind an artifact that names no platform', async () => {
    const { held, manifest } = hold();
    const artifact = name(held, MANIFEST, { ...manifest, artifactType: 'application/vnd.example.sbom' }, 'sbom');
    const digest = name(held, MANIFEST, manifest, 'image');
    name(held, INDEX, {
      schemaVersion: 2,
      manifests: [
        { mediaType: MANIFEST, digest: artifact, size: 1 },
        { mediaType: MANIFEST, digest, size: 1, platform: { os: 'linux', architecture: 'amd64' } },
      ],
    });
    expect(await find(held)).toMatchObject({ layers: { length: 2 } });
  });

  test('is left to others: one for another platform, of the first schema, an index in an index, and nothing', async () => {
    const { held } = hold();
    expect(await find(held, 'linux/arm64')).toMatch(/^NotPullable: /);
    const inner = name(held, INDEX, { schemaVersion: 2, manifests: [] }, 'inner');
    name(held, LIST, { schemaVersion: 2, manifests: [{ mediaType: INDEX, digest: inner, size: 1 }] });
    expect(await find(held)).toMatch(/^NotPullable: /);
    held.set('/manifests/1', [
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      Buffer.from('{"schemaVersion":1}'),
    ]);
    expect(await find(held)).toMatch(/^UnusableAnswer: /);
    expect(await find(new Map())).toMatch(/^NotGiven: /);
  });

  test('is told from what only says so', async () => {
    const { held, manifest } = hold();
    name(held, INDEX, manifest);
    expect(await find(held)).toMatch('UnusableAnswer: sends a manifest as what it is not');
    name(held, MANIFEST, { ...manifest, layers: 'none' });
    expect(await find(held)).toMatch('UnusableAnswer: describes an image in no way that is known');
  });
});

describe('a registry that sends something else', () => {
  test('than the manifest that was asked for is not believed', async () => {
    const { held } = hold();
    const other = sha256(Buffer.from('other'));
    held.set(`/manifests/${other}`, held.get('/manifests/1') ?? [MANIFEST, Buffer.alloc(0)]);
    const reference = `${await fakeRegistry(giveOut(held))}/shop/app@${other}`;
    await expect(open().find(reference, undefined, never)).rejects.toThrow('another manifest than was asked for');
  });

  test('than the configuration is not believed', async () => {
    const { held } = hold();
    held.set(`/blobs/${image.id}`, ['application/json', Buffer.from('{"rootfs":{"diff_ids":[]}}')]);
    const reference = `${await fakeRegistry(giveOut(held))}/shop/app:1`;
    await expect(open().find(reference, undefined, never)).rejects.toThrow('another configuration');
  });

  test.each<readonly [string, (sent: Buffer) => Buffer, string]>([
    [
      'another layer of the same length',
      (sent) => Buffer.concat([sent.subarray(0, -1), Buffer.from([1])]),
      'not the one that it states',
    ],
    ['half a layer', (sent) => sent.subarray(0, sent.length / 2), 'less than a layer'],
    ['more than a layer', (sent) => Buffer.concat([sent, sent]), 'more than a layer'],
  ])('as a layer is not believed: %s', async (_, change, said) => {
    const { held, layers } = hold((tar) => tar);
    const [, sent] = held.get(`/blobs/${layers[0]}`) ?? [];
    held.set(`/blobs/${layers[0]}`, ['application/octet-stream', change(sent ?? Buffer.alloc(0))]);
    await expect(pullFrom(giveOut(held))).rejects.toThrow(said);
  });

  test('under the name of a layer that many images share does not get there', async () => {
    const forged = gzipSync(Buffer.alloc(10_240, 'nothing to be found'));
    const { held } = hold(gzipSync, (manifest) => {
      const layers = [manifest['layers']].flat().map((layer) => Object(layer));
      return { ...manifest, layers: [{ ...layers[0], digest: sha256(forged), size: forged.length }, layers[1]] };
    });
    held.set(`/blobs/${sha256(forged)}`, ['application/octet-stream', forged]);
    await expect(pullFrom(giveOut(held))).rejects.toThrow('is not the one that it states');
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('that %s inflates beyond all measure is cut short', async (_, compress) => {
    const { held } = hold(() => compress(Buffer.alloc(50_000_000)));
    await expect(pullFrom(giveOut(held), { maxBytes: 1_000_000 })).rejects.toMatchObject({ kind: 'over_budget' });
  });

  test('without end is stopped by who asked', async () => {
    const { held, layers } = hold();
    const begun = Promise.withResolvers<void>();
    const abort = new AbortController();
    const pulling = pullFrom(
      giveOutBut(held, layers[0], (_, response) => {
        response.writeHead(200, { 'content-length': 1_000_000 }).write('x');
        begun.resolve();
      }),
      { signal: abort.signal },
    );
    await Promise.race([begun.promise, pulling]);
    abort.abort(new Error('enough'));
    await expect(pulling).rejects.toThrow('enough');
  });
});
