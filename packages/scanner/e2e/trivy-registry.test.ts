import { join } from 'node:path';

import { alpineImage, alpineImageFor, publishArtifact, sha256, startRegistry, writeOciLayout } from '@scanner/testing';
import type { BuiltImage, Registry } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RegistryCredentials } from '../src/index.ts';
import { fakeRegistry } from './fake-registry.ts';
import { complete, expectedIn, foundIn, madeDirectory, openWorkbench, PULLED_BY_TRIVY } from './trivy-workbench.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

/** Pushes an image, or one for several platforms, and returns its reference and digest. */
const push = async (name: string, ...platforms: BuiltImage[]): Promise<{ reference: string; digest: string }> => {
  const layout = join((await madeDirectory()).path, 'layout');
  const { digest } = await writeOciLayout(layout, { reference: `registry.example/${name}`, platforms });
  await registry.pushOci(layout, name);
  return { reference: `${registry.host}/${name}`, digest };
};

/**
 * Pushes an index in which an artifact without a platform stands before the image, and under the tag `none` one that has an
 * artifact for the platform.
 */
const pushIndexed = async (repository: string, image: BuiltImage): Promise<{ digest: string }> => {
  const { digest } = await push(`${repository}:image`, image);
  const artifact = await publishArtifact(registry, repository, 'artifact', {
    artifactType: 'application/vnd.example.sbom',
    layerMediaType: 'application/json',
    title: 'sbom.json',
    contents: Buffer.from('{"sbom":1}'),
  });
  const platform = { os: 'linux', architecture: 'amd64' };
  await pushIndex(`${repository}:none`, [{ digest: artifact, platform }]);
  return { digest: await pushIndex(`${repository}:1`, [{ digest: artifact }, { digest, platform }]) };
};

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

const pushIndex = async (
  name: string,
  entries: ReadonlyArray<{ readonly digest: string; readonly platform?: object }>,
): Promise<string> => {
  const [repository = '', tag = ''] = name.split(':');
  const manifests = await Promise.all(
    entries.map(async (entry) => {
      const answer = await fetch(`${registry.url}/v2/${repository}/manifests/${entry.digest}`, {
        headers: { accept: MANIFEST },
      });
      return { mediaType: MANIFEST, size: (await answer.arrayBuffer()).byteLength, ...entry };
    }),
  );
  const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
  const headers = { 'content-type': INDEX };
  const answer = await fetch(`${registry.url}/v2/${repository}/manifests/${tag}`, { method: 'PUT', headers, body });
  expect(answer.status).toBe(201);
  return sha256(Buffer.from(body));
};

describe('a scan of what a registry holds', () => {
  test('finds what is known of the image, and its digest', async () => {
    const image = await alpineImage();
    const { reference, digest } = await push('shop/base:1', image.image);
    const { scanner } = await openWorkbench();
    const scan = complete(await scanner.scan({ subject: { source: 'remote', reference } }));
    expect(foundIn(scan)).toEqual(expectedIn(image));
    expect(scan.digest).toBe(digest);
  });

  test('takes the platform that was asked for, and tells when there is none', async () => {
    const arm = await alpineImageFor('arm64');
    const { reference } = await push('shop/many:1', (await alpineImage()).image, arm);
    const { scanner } = await openWorkbench();
    const scan = complete(await scanner.scan({ subject: { source: 'remote', reference, platform: 'linux/arm64' } }));
    expect(scan.layers).toEqual(arm.layers.map(({ diffId }) => diffId));
    const none = await scanner.scan({ subject: { source: 'remote', reference, platform: 'linux/s390x' } });
    expect(none).toMatchObject({ reason: { code: 'no_such_platform' } });
    const single = (await push('shop/arm:1', arm)).reference;
    const wrong = await scanner.scan({ subject: { source: 'remote', reference: single, platform: 'linux/amd64' } });
    expect(wrong).toMatchObject({ reason: { code: 'no_such_platform' } });
  });

  test('goes to a mirror first', async () => {
    const image = await alpineImage();
    await push('shop/mirrored:1', image.image);
    const asked: string[] = [];
    const host = await fakeRegistry((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    const { scanner } = await openWorkbench({ registryMirrors: { [host]: [registry.host] } });
    const scan = await scanner.scan({ subject: { source: 'remote', reference: `${host}/shop/mirrored:1` } });
    expect(foundIn(complete(scan))).toEqual(expectedIn(image));
    expect(asked).toEqual([]);
  });

  test('tells what is not there, and what is no image', async () => {
    await publishArtifact(registry, 'charts/app', '1', {
      artifactType: 'application/vnd.cncf.helm.config.v1+json',
      layerMediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
      title: 'chart.tgz',
      contents: Buffer.from('chart'),
    });
    const { scanner } = await openWorkbench();
    const codeOf = async (reference: string): Promise<unknown> => {
      const outcome = await scanner.scan({ subject: { source: 'remote', reference } });
      return outcome.status === 'failed' && outcome.reason.code;
    };
    expect(await codeOf(`${registry.host}/shop/none:1`)).toBe('not_found');
    expect(await codeOf(`${registry.host}/charts/app:1`)).toBe('not_an_image');
    expect(await codeOf('--output=x')).toBe('bad_reference');
    expect(await codeOf('Upper/Case')).toBe('bad_reference');
  });

  test.each([
    ['layer by layer', {}],
    ['by a Trivy of its own', PULLED_BY_TRIVY],
  ])('takes of an index the image of the platform, and no artifact: %s', async (_how, how) => {
    const image = await alpineImage();
    const { digest: index } = await pushIndexed('odd/first', image.image);
    const { scanner } = await openWorkbench();
    const scanned = complete(
      await scanner.scan({ subject: { source: 'remote', reference: `${registry.host}/odd/first:1` }, ...how }),
    );
    expect(foundIn(scanned)).toEqual(expectedIn(image));
    expect([scanned.coverage, scanned.digest]).toEqual(['full', index]);

    const none = await scanner.scan({
      subject: { source: 'remote', reference: `${registry.host}/odd/first:none` },
      ...how,
    });
    expect(none).toMatchObject({ status: 'failed', reason: { code: 'not_an_image' } });
  });

  test('shows a registry its own login and no other', async () => {
    const shown: Array<string | undefined> = [];
    const host = await fakeRegistry((request, response) => {
      shown.push(request.headers.authorization);
      if (request.headers.authorization === undefined)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      else response.writeHead(403, { 'content-type': 'application/json' }).end('{"errors":[{"code":"DENIED"}]}');
    });
    const logins = new Map([
      [host, { username: 'me', password: 'for this one' }],
      ['docker.io', { username: 'me', password: 'for another' }],
    ]);
    const credentials: RegistryCredentials = { find: (name) => Promise.resolve(logins.get(name) ?? null) };
    const { scanner } = await openWorkbench({ credentials });
    const outcome = await scanner.scan({ subject: { source: 'remote', reference: `${host}/shop/app:1` } });
    expect(outcome).toMatchObject({ reason: { code: 'unauthorized' } });
    const basic = `Basic ${Buffer.from('me:for this one').toString('base64')}`;
    expect(new Set(shown)).toEqual(new Set([undefined, basic]));
  });

  test('tries again when a registry fails for a moment', async () => {
    let manifests = 0;
    const host = await fakeRegistry((request, response) => {
      if (!request.url?.includes('/manifests/')) return void response.writeHead(200).end('{}');
      manifests += 1;
      if (manifests <= 3) return void response.writeHead(503).end();
      response.writeHead(404).end();
    });
    const { scanner } = await openWorkbench();
    const outcome = await scanner.scan({ subject: { source: 'remote', reference: `${host}/shop/app:1` } });
    expect(outcome).toMatchObject({ reason: { code: 'not_found' } });
  });

  test.each([
    ['layer by layer', {}],
    ['by Trivy', PULLED_BY_TRIVY],
  ])('ends at its deadline when a registry stalls, and on an abort, where it is pulled %s', async (_, how) => {
    const reached = Promise.withResolvers<void>();
    const host = await fakeRegistry((request, response) => {
      if (request.url === '/v2/') response.writeHead(200).end('{}');
      else reached.resolve();
    });
    const bench = await openWorkbench();
    const subject = { source: 'remote', reference: `${host}/shop/app:1` } as const;
    expect(await bench.scanner.scan({ subject, timeoutSeconds: 1, ...how })).toMatchObject({
      reason: { code: 'timeout' },
    });
    const abort = new AbortController();
    const running = bench.scanner.scan({ subject, ...how }, abort.signal);
    await reached.promise;
    abort.abort();
    expect(await running).toMatchObject({ reason: { code: 'interrupted' }, blocks: false });
    expect(await bench.leftovers()).toEqual([]);
  });
});
