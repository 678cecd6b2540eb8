import { loadStandardImages, startClassicEngine, startCurrentEngine } from '@scanner/testing';
import type { Engine, StandardImage } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createDockerEngine } from '../src/index.ts';
import { complete, expectedIn, foundIn, openWorkbench } from './trivy-workbench.ts';

describe.each([
  ['classic', startClassicEngine],
  ['current', startCurrentEngine],
])('a scan of what a %s engine holds', (_, start) => {
  let engine: Engine;
  let images: readonly StandardImage[];

  beforeAll(async () => {
    engine = await start();
    images = await loadStandardImages(engine);
  });
  afterAll(() => engine.stop());

  const idOf = async (reference: string): Promise<string> =>
    (await engine.docker(['image', 'inspect', '--format', '{{.Id}}', reference])).trim();

  test('finds in every image, named by ID, what is known of it', async () => {
    const { scanner } = await openWorkbench({ java: true, dockerEnvironment: { DOCKER_HOST: engine.dockerHost } });
    for (const image of images) {
      const [reference] = image.references;
      if (reference === undefined) continue;
      const scan = complete(await scanner.scan({ subject: { source: 'docker', id: await idOf(reference) } }));
      expect(foundIn(scan)).toEqual(expectedIn(image));
      expect(scan.coverage).toBe(image.coverage);
    }
  });

  test('exports nothing again of an image it knows', async () => {
    const { dockerHost } = engine;
    const imageExport = createDockerEngine({ host: dockerHost, tls: null, origin: 'flag' });
    const { scanner } = await openWorkbench({ dockerEnvironment: { DOCKER_HOST: dockerHost }, imageExport });
    const subject = { source: 'docker', id: 'registry.example/shop/web:1.4.2' } as const;
    expect(complete(await scanner.scan({ subject })).analysis).toBe('new');
    expect(complete(await scanner.scan({ subject })).analysis).toBe('reused');
  });

  test('tells an image that is gone from an engine that is', async () => {
    const { scanner } = await openWorkbench({ dockerEnvironment: { DOCKER_HOST: engine.dockerHost } });
    const gone = { source: 'docker', id: `sha256:${'0'.repeat(64)}` } as const;
    expect(await scanner.scan({ subject: gone })).toMatchObject({ reason: { code: 'not_found' }, blocks: false });
    await engine.stop();
    const known = { source: 'docker', id: 'registry.example/shop/web:1.4.2' } as const;
    expect(await scanner.scan({ subject: known })).toMatchObject({
      reason: { code: 'engine_unreachable' },
      blocks: true,
    });
  });
});
