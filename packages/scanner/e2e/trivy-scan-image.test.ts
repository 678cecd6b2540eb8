import { join } from 'node:path';

import { alpineImage, startClassicEngine, startRegistry, writeDockerArchive, writeOciLayout } from '@scanner/testing';
import type { Engine, Registry } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { madeDirectory, openWorkbench } from './trivy-workbench.ts';

let registry: Registry;
let engine: Engine;

beforeAll(async () => {
  [registry, engine] = await Promise.all([startRegistry(), startClassicEngine()]);
});
afterAll(async () => {
  await Promise.all([registry.stop(), engine.stop()]);
});

const openScanner = async () =>
  (await openWorkbench({ dockerEnvironment: { DOCKER_HOST: engine.dockerHost } })).scanner;

const push = async (name: string): Promise<string> => {
  const layout = join((await madeDirectory()).path, 'layout');
  await writeOciLayout(layout, { reference: `registry.example/${name}`, platforms: [(await alpineImage()).image] });
  await registry.pushOci(layout, name);
  return `${registry.host}/${name}`;
};

const FOUND = { critical: 1, high: 2, medium: 3, low: 0, unknown: 0 };

describe('scanImage', () => {
  test('takes the tag from the reference, past the port of its registry', async () => {
    const imageRef = await push('shop/base:stable');
    const result = await (await openScanner()).scanImage(imageRef);
    expect(result).toMatchObject({
      success: true,
      imageRef,
      scannedTag: 'stable',
      vulnerabilities: FOUND,
      error: null,
    });
    expect(result.scannedDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('names no tag for an image without one', async () => {
    await push('shop/untagged:latest');
    const result = await (await openScanner()).scanImage(`${registry.host}/shop/untagged`);
    expect(result).toMatchObject({ success: true, scannedTag: null });
  });

  test('keeps image and tag when it fails', async () => {
    const imageRef = `${registry.host}/shop/absent:7`;
    const result = await (await openScanner()).scanImage(imageRef);
    expect(result).toMatchObject({ success: false, vulnerabilities: null, imageRef, scannedTag: '7' });
    expect(result.error).toMatch(/^registry: .*; engine: /);
  });

  test('falls back to the local engine where the registry lacks the image', async () => {
    const imageRef = `${registry.host}/shop/local:1`;
    const archive = join((await madeDirectory()).path, 'image.tar');
    await writeDockerArchive(archive, [{ image: (await alpineImage()).image, references: [imageRef] }]);
    await engine.load(archive);
    const result = await (await openScanner()).scanImage(imageRef);
    expect(result).toMatchObject({ success: true, scannedTag: '1', vulnerabilities: FOUND });
  });
});
