import type { PlannedImage } from '@scanner/core';

import { shareOfFree, SHARE_OF_DISK } from '../image-export/disk-share.ts';
import type { CheckedImages } from './checked-images.ts';
import { groupByBase } from './export-groups.ts';
import type { ExportGroup } from './export-groups.ts';
import type { ExportJudgement, GroupAnalysisParts, GroupManner } from './group-analysis.ts';
import { ScanSlots } from './scan-slots.ts';

/** A group whose layers are being analysed. */
export interface PreparedGroup<Image extends PlannedImage> extends ExportGroup<Image> {
  /** Settles when all has been done for it. */
  readonly prepared: Promise<void>;
  /** What its export showed of an image; undefined until then, and where that failed. */
  readonly judgementOf: (image: PlannedImage) => ExportJudgement | undefined;
}

export interface GroupPreparation {
  readonly parts: GroupAnalysisParts & { readonly checkedImages: CheckedImages };
  readonly manner: Omit<GroupManner, 'maxBytes' | 'onJudged'>;
  readonly onFailed: (error: unknown) => void;
}

/** Exports at once: more would not be faster on two cores, and each takes its share of the disk. */
const EXPORTS_AT_ONCE = 2;

/** Puts images in groups by their base, and begins to have the layers of each analysed. */
export const prepareGroups = async <Image extends PlannedImage>(
  images: readonly Image[],
  { parts, manner, onFailed }: GroupPreparation,
  signal: AbortSignal,
): Promise<readonly PreparedGroup<Image>[]> => {
  if (images.length === 0) return [];
  const { GroupAnalysis } = await import('./group-analysis.ts');
  const budget = await shareOfFree(parts.session.directory, SHARE_OF_DISK);
  const share = budget / EXPORTS_AT_ONCE;
  const exports = new ScanSlots(EXPORTS_AT_ONCE);
  const judgements = new Map<string, ExportJudgement>();
  const onJudged = (image: PlannedImage, judgement: ExportJudgement): void => {
    judgements.set(image.id, judgement);
    if (judgement.status === 'checked') parts.checkedImages.add(image);
  };
  return groupByBase(images, share).map((group) => {
    const maxBytes = group.isAlone ? budget : share;
    const analysis = new GroupAnalysis(parts, { ...manner, maxBytes, onJudged });
    const prepared = exports
      .run(group.isAlone ? 'all' : 'one', signal, () => analysis.run(group, signal))
      .catch(onFailed);
    return { ...group, prepared, judgementOf: ({ id }) => judgements.get(id) };
  });
};

/**
 * Those of a group when all has been done for it, whichever comes first. An image whose layers are not known then comes
 * last: its engine may not have all of it, and the layers may be known from others by then.
 */
export const imagesOf = async function* <Image extends PlannedImage>(
  groups: readonly PreparedGroup<Image>[],
  isKnown: (image: Image) => boolean,
): AsyncGenerator<Image, void, undefined> {
  const left = new Set(groups);
  const unknown: Image[] = [];
  while (left.size > 0) {
    const done = await Promise.race([...left].map((group) => group.prepared.then(() => group)));
    left.delete(done);
    for (const image of done.images) {
      if (isKnown(image)) yield image;
      else unknown.push(image);
    }
  }
  yield* unknown;
};
