import { expect, test } from 'vitest';

import { defaultConcurrency } from './defaults.ts';

const GIB = 1024 ** 3;

test.each([
  [2, 24 * GIB, 2],
  [64, 16 * GIB, 16],
  [4, 0.5 * GIB, 1],
  [1024, 4096 * GIB, 256],
])('%i processors and %i bytes of memory are for %i scans at once', (cores, memoryBytes, scans) => {
  expect(defaultConcurrency({ cores, memoryBytes })).toBe(scans);
});
