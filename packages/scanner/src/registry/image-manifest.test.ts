import { describe, expect, test } from 'vitest';

import { isForPlatform, readConfig, readManifest } from './image-manifest.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const child = (digit: string, platform?: object) => ({ mediaType: MANIFEST, digest: digest(digit), size: 1, platform });
const index = bytes({
  schemaVersion: 2,
  manifests: [
    child('0', { os: 'unknown', architecture: 'unknown' }),
    child('1', { os: 'linux', architecture: 'arm', variant: 'v6' }),
    child('2', { os: 'linux', architecture: 'arm', variant: 'v7' }),
    child('3', { os: 'windows', architecture: 'amd64' }),
    child('4'),
    child('5', { os: 'linux', architecture: 'amd64' }),
  ],
});

describe('an index', () => {
  test.each([
    [undefined, '5'],
    ['linux/amd64', '5'],
    ['linux/arm', '1'],
    ['linux/arm/v7', '2'],
    ['windows/amd64', '3'],
  ])('has for %s the first manifest that names a platform that fits', (platform, digit) => {
    expect(readManifest(index, INDEX, platform)).toEqual({ child: digest(digit) });
  });

  test.each([
    ['an artifact without a platform', { artifactType: 'application/vnd.example.sbom' }],
    ['an artifact with an empty platform', { artifactType: 'application/x', platform: { os: '', architecture: '' } }],
    ['an entry with a platform that makes no sense', { platform: 'linux' }],
  ])('gives the image of the platform, and not %s before it', (_what, odd) => {
    const entries = [{ ...child('6'), ...odd }, child('7', { os: 'linux', architecture: 'amd64' })];
    const content = bytes({ schemaVersion: 2, manifests: entries });
    expect(readManifest(content, INDEX, undefined)).toEqual({ child: digest('7') });
    expect(readManifest(content, INDEX, 'linux/arm64')).toBeNull();
  });

  test('of one manifest without a platform gives that, and of artifacts nothing', () => {
    const artifact = { ...child('8'), artifactType: 'application/x' };
    const content = bytes({ schemaVersion: 2, manifests: [artifact, child('9')] });
    expect(readManifest(content, INDEX, 'linux/amd64')).toEqual({ child: digest('9') });
    expect(readManifest(bytes({ schemaVersion: 2, manifests: [artifact] }), INDEX, undefined)).toBeNull();
  });

  test('may have nothing for a platform', () => {
    expect(readManifest(index, `${INDEX}; charset=utf-8`, 'linux/s390x')).toBeNull();
  });
});

describe('an image with one platform', () => {
  test.each([
    ['linux/amd64', undefined, true],
    ['linux/arm64', undefined, true],
    ['linux/arm64', 'linux/arm64/v8', true],
    ['linux/arm/v6', 'linux/arm/v7', false],
    ['linux/arm64', 'linux/amd64', false],
  ])('for %s is one for %s: %s', (has, wanted, is) => {
    expect(isForPlatform(has, wanted)).toBe(is);
  });

  test('says what it was made of, as far as that fits its layers', () => {
    const config = (history: unknown): Buffer =>
      bytes({ os: 'linux', architecture: 'arm', variant: 'v7', rootfs: { diff_ids: [digest('a')] }, history });
    expect(readConfig(config([{ created_by: 'COPY a' }, { created_by: 'ENV b', empty_layer: true }]))).toEqual({
      platform: 'linux/arm/v7',
      layers: [{ diffId: digest('a'), createdBy: 'COPY a' }],
    });
    for (const history of [[{ created_by: 'COPY a' }, { created_by: 'COPY b' }], 'none', undefined])
      expect(readConfig(config(history)).layers).toEqual([{ diffId: digest('a'), createdBy: '' }]);
  });
});
