import { describe, expect, it } from 'vitest';

import type { UnreadableImage } from '../model/image.ts';
import { anImage } from '../testing/builders.ts';
import { parseImagePattern } from './image-pattern.ts';
import type { ImagePattern } from './image-pattern.ts';
import { selectImages } from './select-images.ts';

const pattern = (text: string): ImagePattern => {
  const parsed = parseImagePattern(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.pattern;
};
const all = { only: [], ignore: [], untagged: false };
const reason = { code: 'unreadable', message: 'no' } as const;
const broken: UnreadableImage = { id: null, references: ['odd:1'], tagged: true, containers: null, reason };
const named = anImage({ references: ['app:1', 'app:2'], furtherNames: ['app:2001'] });
const only = (text: string) => ({ ...all, only: [pattern(text)] });

describe('selectImages', () => {
  it('takes what cannot be read by the same rules, so that it is named', () => {
    const listing = { images: [named], unreadable: [broken] };
    expect(selectImages(listing, all)).toMatchObject({ toScan: [named], unreadable: [broken], leftOut: [] });
    expect(selectImages(listing, only('odd:1'))).toMatchObject({ toScan: [], unreadable: [broken], leftOut: [] });
    expect(selectImages(listing, only('app:1'))).toMatchObject({ unreadable: [], leftOut: [] });
    expect(selectImages(listing, { ...all, ignore: [pattern('odd')] })).toMatchObject({
      unreadable: [],
      leftOut: [{ references: ['odd:1'], status: 'skipped', reason: { code: 'ignored' } }],
    });
    const untagged = { images: [], unreadable: [{ ...broken, tagged: false }] };
    expect(selectImages(untagged, all)).toMatchObject({ leftOut: [{ reason: { code: 'untagged' } }] });
  });

  it('finds an image by a name that does not count, and scans it under those that do', () => {
    expect(selectImages({ images: [named] }, only('app:2001'))).toMatchObject({
      toScan: [{ references: ['app:1', 'app:2'] }],
      leftOut: [],
    });
  });

  it('says that nothing matches only where nothing does', () => {
    expect(selectImages({ images: [named], unreadable: [broken] }, only('app:3')).leftOut).toMatchObject([
      { id: null, references: ['app:3'], status: 'failed', reason: { code: 'not_found' } },
    ]);
  });
});
