import { silentLog } from '@scanner/core';
import { expect, test } from 'vitest';

import type { KnownLayer } from './known-layers.ts';
import { LayerMatcher } from './layer-matcher.ts';
import type { MatchServer } from './match-server.ts';

const OPTIONS = { packageTypes: ['os'], severitySources: [], ignoredStatuses: new Set<string>() };
const LIMIT_MS = 50;

test('a match ends in its time whatever the server does, and after the second no more are tried', async () => {
  let asked = 0;
  const warnings: unknown[] = [];
  const server = {
    match: () => {
      asked += 1;
      return new Promise<never>(() => {});
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  } as unknown as MatchServer;
  await using matcher = new LayerMatcher(() => Promise.resolve(server), {
    ...silentLog,
    warn: (message, facts) => warnings.push(facts?.['reason']),
  });
  const layerOf = (blob: string): KnownLayer => ({ blob, holds: ['osPackages'] });
  for (const blob of ['a', 'b', 'c', 'd'])
    expect(await matcher.match([layerOf(blob)], OPTIONS, new AbortController().signal, LIMIT_MS)).toBeNull();

  expect(asked).toBe(2);
  expect(warnings).toEqual([expect.stringContaining('it took more than')]);
});
