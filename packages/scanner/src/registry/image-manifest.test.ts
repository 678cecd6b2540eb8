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
    [undefined, '4'],
    ['linux/amd64', '4'],
    ['linux/arm', '1'],
    ['linux/arm/v7', '2'],
    ['windows/amd64', '3'],
  ])('has for %s the first manifest that fits', (platform, digit) => {
    expect(readManifest(index, INDEX, platform)).toEqual({ child: digest(digit) });
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
