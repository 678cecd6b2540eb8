import { expect, it } from 'vitest';

import { ownCostAnImage } from './fleet-text.ts';

it("takes the engine's lists off, and what a pass costs without any image", () => {
  const few = { milliseconds: 130, listing: 10, peakMemoryBytes: 0 };
  const many = { milliseconds: 900, listing: 290, peakMemoryBytes: 0 };
  const images = { few: 10, many: 500 };
  expect(ownCostAnImage({ images, rounds: [{ few, many, loop: 2000 }] })).toEqual([1]);
});
