import { silentLog } from '@scanner/core';
import { InMemoryBlobCache } from '@scanner/core/testing';
import { expect, test } from 'vitest';

import type { KnownLayer } from './known-layers.ts';
import { LayerMatcher, type Server } from './layer-matcher.ts';
import { SystemAdvisories } from './system-advisories.ts';

const OPTIONS = { packageTypes: ['os'], severitySources: [], ignoredStatuses: new Set<string>() };
const LIMIT_MS = 50;

test('a match ends in its time whatever the server does, and after the second no more are tried', async () => {
  let asked = 0;
  const warnings: unknown[] = [];
  const server: Server = {
    match: () => {
      asked += 1;
      return new Promise<never>(() => {});
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using matcher = new LayerMatcher({
    startServer: () => Promise.resolve(server),
    blobCache: new InMemoryBlobCache(),
    advisories: new SystemAdvisories(new Set()),
    log: { ...silentLog, warn: (_, facts) => warnings.push(facts?.['reason']) },
  });
  const layerOf = (blob: string): KnownLayer => ({
    blob,
    holds: ['osPackages'],
    intertwined: false,
    repository: null,
  });
  for (const blob of ['a', 'b', 'c', 'd'])
    expect(await matcher.match([layerOf(blob)], OPTIONS, new AbortController().signal, LIMIT_MS)).toBeNull();

  expect(asked).toBe(2);
  expect(warnings).toEqual([expect.stringContaining('it took more than')]);
});
