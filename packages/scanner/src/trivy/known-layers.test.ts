import { InMemoryBlobCache } from '@scanner/core/testing';
import { describe, expect, test } from 'vitest';

import { KnownLayers } from './known-layers.ts';

const DIFF_ID = `sha256:${'d'.repeat(64)}`;
const BLOB = `sha256:${'b'.repeat(64)}`;
const KEY = `fanal::blob::${BLOB}`;

const analysis = (more: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ SchemaVersion: 2, Size: 1, DiffID: DIFF_ID, ...more }));

/** Stores as Trivy does, and lets it be seen. */
const store = (cache: InMemoryBlobCache, layers: KnownLayers, value: Buffer, way = 'plain'): void => {
  cache.set(KEY, value);
  layers.learn(way, KEY, value);
};

describe('KnownLayers', () => {
  test('knows whose analysis was stored, now and in the next run', () => {
    const cache = new InMemoryBlobCache();
    const layers = new KnownLayers(cache, '0.74.0');
    store(cache, layers, analysis({ PackageInfos: [{ Packages: [{}] }] }));
    const known = {
      ...{ blob: BLOB, holds: ['osPackages', 'other'], applications: [] },
      ...{ intertwined: false, repository: null },
    };
    expect(layers.find('plain', DIFF_ID)).toEqual(known);
    expect(new KnownLayers(cache, '0.74.0').find('plain', DIFF_ID)).toEqual(known);
  });

  test('keeps ways of analysing and versions of Trivy apart', () => {
    const cache = new InMemoryBlobCache();
    store(cache, new KnownLayers(cache, '0.74.0'), analysis());
    expect(new KnownLayers(cache, '0.74.0').find('another', DIFF_ID)).toBeUndefined();
    expect(new KnownLayers(cache, '0.73.0').find('plain', DIFF_ID)).toBeUndefined();
  });

  test('knows what is intertwined with other layers, and of which release its repositories are', () => {
    const cache = new InMemoryBlobCache();
    const layers = new KnownLayers(cache, '0.74.0');
    store(cache, layers, analysis({ WhiteoutFiles: ['a'], Repository: { Family: 'alpine', Release: 'edge' } }));
    expect(layers.find('plain', DIFF_ID)).toMatchObject({ intertwined: true, repository: 'edge' });
  });

  test('does not read what an older version wrote of a layer', () => {
    const cache = new InMemoryBlobCache();
    store(cache, new KnownLayers(cache, '0.74.0'), analysis());
    const key = [...cache.values.keys()].find((name) => name.startsWith('gts::layer::'));
    const known = cache.get(key ?? '');
    if (key === undefined || known === undefined) throw new Error('nothing was written');
    cache.delete([key]);
    cache.set(key.replace('gts::layer::2::', 'gts::layer::'), known);
    expect(new KnownLayers(cache, '0.74.0').find('plain', DIFF_ID)).toBeUndefined();
  });

  test('knows nothing of an analysis that the cache has dropped', () => {
    const cache = new InMemoryBlobCache();
    store(cache, new KnownLayers(cache, '0.74.0'), analysis());
    cache.delete([KEY]);
    expect(new KnownLayers(cache, '0.74.0').find('plain', DIFF_ID)).toBeUndefined();
  });

  test.each([
    ['nothing', {}, []],
    ['nothing, though it says who made it', { Digest: 'sha256:1', CreatedBy: 'RUN true' }, []],
    ['a system', { OS: { Family: 'alpine' } }, ['other']],
    ['what is gone', { WhiteoutFiles: ['a'] }, ['other']],
    ['packages of a language', { Applications: [{ Packages: [{}] }] }, ['languagePackages', 'applications']],
    ['an application without packages', { Applications: [{ FilePath: 'a' }] }, ['applications']],
    ['a system with an application', { OS: {}, Applications: [{}] }, ['applications', 'other']],
    ["Red Hat's build information", { BuildInfo: {} }, ['buildInfo', 'other']],
    ['what nobody knows yet', { Later: 1 }, ['other']],
  ])('tells that an analysis holds %s', (_, more, holds) => {
    const cache = new InMemoryBlobCache();
    const layers = new KnownLayers(cache, '0.74.0');
    store(cache, layers, analysis(more));
    expect(layers.find('plain', DIFF_ID)?.holds).toEqual(holds);
  });

  test('knows where applications lie, by hashes, if there are not too many', () => {
    const cache = new InMemoryBlobCache();
    const placesOf = (...Applications: { FilePath?: string }[]) => {
      const layers = new KnownLayers(cache, '0.74.0');
      store(cache, layers, analysis({ Applications }), String(Applications.length));
      return layers.find(String(Applications.length), DIFF_ID)?.applications;
    };
    const [a, b] = [{ FilePath: 'a' }, { FilePath: 'b' }];
    expect(placesOf(a, b, a)).toHaveLength(2);
    expect(placesOf(a)).toEqual(placesOf(a, b, a)?.slice(0, 1));
    expect(placesOf({}, b)).not.toEqual(placesOf(a, b, a));
    expect(placesOf(...Array.from({ length: 5001 }, (_, index) => ({ FilePath: String(index) })))).toBeUndefined();
  });

  test('tells what was seen to be in an analysis, though it was known before', () => {
    const cache = new InMemoryBlobCache();
    const value = analysis({ Applications: [{ Packages: [{}] }] });
    for (const layers of [new KnownLayers(cache, '0.74.0'), new KnownLayers(cache, '0.74.0')]) {
      expect(layers.seen(KEY)).toBeUndefined();
      store(cache, layers, value);
      expect(layers.seen(KEY)).toMatchObject({
        diffId: DIFF_ID,
        blob: BLOB,
        holds: ['languagePackages', 'applications'],
      });
    }
  });

  test.each([['not JSON'], ['{}'], ['{"DiffID":"../x"}']])('learns nothing from %s', (text) => {
    const cache = new InMemoryBlobCache();
    new KnownLayers(cache, '0.74.0').learn('plain', KEY, Buffer.from(text));
    expect(cache.values.size).toBe(0);
  });

  test('learns nothing from what is no analysis of a layer', () => {
    const cache = new InMemoryBlobCache();
    new KnownLayers(cache, '0.74.0').learn('plain', 'fanal::artifact::sha256:1', analysis());
    expect(cache.values.size).toBe(0);
  });
});
