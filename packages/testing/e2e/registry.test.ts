import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  alpineImage,
  databaseRepository,
  nodeImage,
  publishDatabase,
  publishImages,
  realTrivy,
  startFaultyProxy,
  startRegistry,
  temporaryDirectory,
} from '../src/index.ts';
import type { Fault, Registry } from '../src/index.ts';

const MANIFEST = '/v2/trivy-db/manifests/2';
const AS_OCI = { headers: { accept: 'application/vnd.oci.image.manifest.v1+json' } };

let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
  await publishDatabase(registry, 1);
});
afterAll(() => registry.stop());

describe('a faulty proxy', () => {
  it('passes on what no rule names', async () => {
    await using proxy = await startFaultyProxy(registry.url, []);
    const [direct, passed] = await Promise.all([
      fetch(`${registry.url}${MANIFEST}`, AS_OCI),
      fetch(`${proxy.url}${MANIFEST}`, AS_OCI),
    ]);
    expect([direct.status, passed.status]).toEqual([200, 200]);
    expect(await passed.text()).toBe(await direct.text());
    expect(proxy.requests).toEqual([`GET ${MANIFEST}`]);
  });

  it('answers with a status and headers as often as the rule says', async () => {
    const fault: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '3' } };
    await using proxy = await startFaultyProxy(registry.url, [{ path: /manifests/, fault, times: 1 }]);
    const refused = await fetch(`${proxy.url}${MANIFEST}`, AS_OCI);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    expect((await fetch(`${proxy.url}${MANIFEST}`, AS_OCI)).status).toBe(200);
  });

  it('breaks off in the middle of a body', async () => {
    await using proxy = await startFaultyProxy(registry.url, [{ path: /./, fault: { kind: 'truncated', bytes: 10 } }]);
    const response = await fetch(`${proxy.url}${MANIFEST}`, AS_OCI);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('can keep silent for ever', async () => {
    await using proxy = await startFaultyProxy(registry.url, [{ path: /./, fault: { kind: 'stall' } }]);
    await expect(fetch(proxy.url, { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  });

  it.each<[Fault, string]>([
    [{ kind: 'status', status: 403 }, '403'],
    [{ kind: 'status', status: 404 }, '404'],
    [{ kind: 'status', status: 503 }, '503'],
    [{ kind: 'html' }, 'invalid character'],
  ])('makes Trivy fail on %o', async (fault, complaint) => {
    await using proxy = await startFaultyProxy(registry.url, [{ path: /manifests/, fault }]);
    await using directory = await temporaryDirectory();
    const repository = databaseRepository(proxy);
    const args = ['image', '--download-db-only', '--db-repository', repository, '--cache-dir', directory.path];
    const { exitCode, stderr } = await execa(await realTrivy(), args, { reject: false });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(complaint);
  });
});

describe('published images', () => {
  it('are pulled from their repositories, which share their layers', async () => {
    const [{ image: alpine }, { image: node }] = await Promise.all([alpineImage(), nodeImage()]);
    await publishImages(registry, [
      { image: alpine, repository: 'base/alpine', tag: '3' },
      { image: node, repository: 'shop/web', tag: '1' },
      { image: node, repository: 'shop/web', tag: 'latest' },
    ]);
    await using directory = await temporaryDirectory();
    for (const reference of ['base/alpine:3', 'shop/web:1', 'shop/web:latest']) {
      const target = `dir:${join(directory.path, reference.replaceAll(/[/:]/g, '-'))}`;
      await execa('skopeo', ['copy', '--src-tls-verify=false', `docker://${registry.host}/${reference}`, target]);
    }
    const blobs = await readdir(join(directory.path, 'shop-web-latest'));
    expect(blobs).toContain(node.id.slice('sha256:'.length));
    expect(blobs).toHaveLength(['version', 'manifest.json', node.config].length + node.layers.length);
  });

  it('are pushed with the compressed layers that are at hand', async () => {
    const { image } = await alpineImage();
    const [layer] = image.layers;
    const stored = gzipSync(layer!.tar, { level: 1 });
    const compressed = new Map([[layer!.diffId, stored]]);
    await publishImages(registry, [{ image, repository: 'base/stored', tag: '3' }], compressed);
    const digest = createHash('sha256').update(stored).digest('hex');
    const answer = await fetch(`${registry.url}/v2/base/stored/blobs/sha256:${digest}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(stored)).toBe(true);
  });
});
