import type { PlannedImage } from '@scanner/core';

/** Images that leave the engine in one archive. */
export interface ExportGroup<Image extends PlannedImage = PlannedImage> {
  readonly images: readonly Image[];
  /** About what its layers take on the disk. */
  readonly estimatedBytes: number;
  /** It takes more than its share, so nothing else may be exported beside it. */
  readonly isAlone: boolean;
}

/** What fails in one archive fails for all that are in it, and nothing is ready before its end. */
const MOST_IMAGES = 100;

/**
 * Puts together what stands on one base, so that the base is exported once: images of one platform with the same first
 * layer, in as many groups as it takes for each to keep within `maxBytes`. The largest group comes first, but what
 * has to be alone keeps nothing waiting.
 */
export const groupByBase = <Image extends PlannedImage>(
  images: readonly Image[],
  maxBytes: number,
): ExportGroup<Image>[] =>
  [...Map.groupBy(images, ({ platform, layers }) => `${platform} ${layers[0] ?? ''}`).values()]
    .flatMap((onOneBase) => split(onOneBase, maxBytes))
    .toSorted((a, b) => Number(a.isAlone) - Number(b.isAlone) || b.estimatedBytes - a.estimatedBytes);

/** Two halves, for a group that turned out too large. */
export const halve = <Group extends ExportGroup>(group: Group): Group[] => {
  const middle = Math.ceil(group.images.length / 2);
  return [group.images.slice(0, middle), group.images.slice(middle)].map((images) => ({ ...group, images }));
};

const split = <Image extends PlannedImage>(images: readonly Image[], maxBytes: number): ExportGroup<Image>[] => {
  const groups: Image[][] = [];
  for (const image of images) {
    const last = groups.at(-1);
    if (last !== undefined && last.length < MOST_IMAGES && estimate([...last, image]) <= maxBytes) last.push(image);
    else groups.push([image]);
  }
  return groups.map((group) => {
    const estimatedBytes = estimate(group);
    return { images: group, estimatedBytes, isAlone: estimatedBytes > maxBytes };
  });
};

/** As if the smallest image were all that they share: sizes of single layers are not known beforehand. */
const estimate = (images: readonly PlannedImage[]): number => {
  const sizes = images.map(({ sizeBytes }) => sizeBytes);
  const shared = Math.min(...sizes);
  return sizes.reduce((sum, size) => sum + size - shared, shared);
};
