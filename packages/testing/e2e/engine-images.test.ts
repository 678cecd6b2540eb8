import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';

import {
  alpineImage,
  loadMultiPlatformImage,
  pullByDigest,
  startClassicEngine,
  startCurrentEngine,
  startPodman,
  startRegistry,
} from '../src/index.ts';
import type { Registry } from '../src/index.ts';

const RepoDigests = z.array(z.string());

let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

it.each([
  { name: 'classic', start: startClassicEngine },
  { name: 'current', start: startCurrentEngine },
  { name: 'podman', start: () => startPodman({ plainHttpRegistries: [registry.host] }) },
])('the $name engine knows an image by its digest alone', async ({ start }) => {
  await using engine = await start();
  const { image } = await alpineImage();
  const reference = await pullByDigest(engine, registry, 'base/alpine', image);
  expect(await engine.docker(['images', '--format', '{{.Tag}}'])).toBe('<none>');
  const digests = await engine.docker(['inspect', '--format', '{{json .RepoDigests}}', reference]);
  expect(RepoDigests.parse(JSON.parse(digests))).toContain(reference);
});

it('the current engine keeps all platforms of an image under the digest of its index', async () => {
  await using engine = await startCurrentEngine();
  const reference = 'registry.example/shop/multi:1';
  const { digest } = await loadMultiPlatformImage(engine, reference);
  expect(await engine.docker(['inspect', '--format', '{{.Id}}', reference])).toBe(digest);
});
