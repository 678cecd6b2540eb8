import { hash } from 'node:crypto';

import { InMemoryBlobCache } from '@scanner/core/testing';
import { expect, test } from 'vitest';

import { AnalysisLooks, imageContents } from './image-contents.ts';
import { describeLayer } from './known-layers.ts';
import type { KnownLayer } from './known-layers.ts';

const SYSTEM = { PackageInfos: [{ FilePath: 'lib/apk/db/installed', Packages: [{ Name: 'musl' }] }] };
const APPLICATION = { Applications: [{ FilePath: 'app/a', Type: 'node-pkg', Packages: [{ Name: 'ms' }] }] };
const REMOVAL = { WhiteoutFiles: ['lib/apk'] };
const REPOSITORY = { Repository: { Family: 'alpine', Release: '3.22' } };

/** A layer as it is known after its analysis was kept. */
const keep = (cache: InMemoryBlobCache, analysis: object): KnownLayer => {
  const digest = `sha256:${hash('sha256', JSON.stringify(analysis))}`;
  const [key, value] = [`fanal::blob::${digest}`, Buffer.from(JSON.stringify({ DiffID: digest, ...analysis }))];
  cache.set(key, value);
  const layer = describeLayer(key, value);
  if (layer === null) throw new Error('it is an analysis');
  return layer;
};

/** A cache that counts how often it is asked. */
const countedCache = () => {
  const asked: string[] = [];
  const cache = new (class extends InMemoryBlobCache {
    override get(key: string): Buffer | undefined {
      asked.push(key);
      return super.get(key);
    }
  })();
  return { cache, asked };
};

test('layers that only add are told by what is known of each, and no analysis is read', () => {
  const { cache, asked } = countedCache();
  const looks = new AnalysisLooks(cache);
  const layers = [SYSTEM, {}, APPLICATION, REPOSITORY].map((analysis) => keep(cache, analysis));
  expect(imageContents(layers, (blob) => looks.look(blob))).toEqual({
    system: true,
    databaseGone: false,
    applications: true,
    unjudged: false,
    repository: '3.22',
  });
  expect(asked).toEqual([]);
});

test('layers of which one takes away are put together, and each analysis is read once for all images', () => {
  const { cache, asked } = countedCache();
  const looks = new AnalysisLooks(cache);
  const [system, empty] = [keep(cache, SYSTEM), keep(cache, {})];
  const [application, removal] = [keep(cache, APPLICATION), keep(cache, REMOVAL)];
  const held = (...layers: KnownLayer[]) => imageContents(layers, (blob) => looks.look(blob));
  expect(held(system, empty, application, removal)).toMatchObject({
    system: false,
    databaseGone: true,
    applications: true,
  });
  expect(held(removal, system)).toMatchObject({ system: true, databaseGone: false });
  expect(held(system, removal, system)).toMatchObject({ system: true, databaseGone: false });
  expect(asked).toHaveLength(3);
});

test('an analysis that the cache has dropped holds nothing', () => {
  const cache = new InMemoryBlobCache();
  const layers = [keep(cache, SYSTEM), keep(cache, REMOVAL)];
  for (const { blob } of layers) cache.delete([`fanal::blob::${blob}`]);
  const looks = new AnalysisLooks(cache);
  expect(imageContents(layers, (blob) => looks.look(blob))).toMatchObject({ system: false, applications: false });
});

test('no layers hold nothing', () => {
  expect(imageContents([], () => expect.fail('nothing is to be read'))).toMatchObject({
    system: false,
    applications: false,
  });
});
