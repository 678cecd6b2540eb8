import type { PlannedImage } from '@scanner/core';
import { describe, expect, test } from 'vitest';

import { groupByBase, halve } from './export-groups.ts';

const image = (id: string, base: string, sizeBytes: number, platform = 'linux/amd64'): PlannedImage => ({
  id,
  platform,
  layers: [base, `top of ${id}`],
  sizeBytes,
});

const idsOf = (groups: readonly { readonly images: readonly PlannedImage[] }[]): string[] =>
  groups.map(({ images }) => images.map(({ id }) => id).join(' '));

describe('groupByBase', () => {
  test('puts images on one base together, those on the largest first', () => {
    const images = [image('a1', 'a', 10), image('b1', 'b', 600), image('a2', 'a', 20), image('b2', 'b', 610)];
    expect(idsOf(groupByBase(images, 1000))).toEqual(['b1 b2', 'a1 a2']);
  });

  test('counts what a base holds once, as far as sizes tell', () => {
    expect(groupByBase([image('a1', 'a', 100), image('a2', 'a', 130)], 1000)[0]?.estimatedBytes).toBe(130);
  });

  test('keeps platforms apart', () => {
    const images = [image('a1', 'a', 10), image('a2', 'a', 10, 'linux/arm64')];
    expect(groupByBase(images, 1000)).toHaveLength(2);
  });

  test('splits what takes more than it may', () => {
    const images = [image('a1', 'a', 10), image('a2', 'a', 50), image('a3', 'a', 60)];
    expect(idsOf(groupByBase(images, 60))).toEqual(['a3', 'a1 a2']);
  });

  test('leaves a huge image alone, after all others', () => {
    const groups = groupByBase([image('huge', 'h', 5000), image('a1', 'a', 10), image('b1', 'b', 20)], 100);
    expect(groups.map(({ isAlone, images }) => [images[0]?.id, isAlone])).toEqual([
      ['b1', false],
      ['a1', false],
      ['huge', true],
    ]);
  });

  test('never puts so many together that nothing is ready for long', () => {
    const images = Array.from({ length: 250 }, (_, index) => image(String(index), 'a', 1));
    expect(groupByBase(images, 10_000).map((group) => group.images.length)).toEqual([100, 100, 50]);
  });
});

test('halve leaves out nothing', () => {
  const [group] = groupByBase([image('a1', 'a', 1), image('a2', 'a', 1), image('a3', 'a', 1)], 100);
  if (group === undefined) throw new Error('there is a group');
  expect(idsOf(halve(group))).toEqual(['a1 a2', 'a3']);
});
