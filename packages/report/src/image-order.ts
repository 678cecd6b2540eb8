import { compareCounts, type ImageReport, isRunning } from '@scanner/core';

import { isFixable } from './text/words.ts';

export interface SortedImages {
  /** With findings, or not fully judged: the greatest risk first. */
  readonly atRisk: readonly ImageReport[];
  /** Fully judged, and nothing found. */
  readonly clean: readonly ImageReport[];
  readonly failed: readonly ImageReport[];
  readonly skipped: readonly ImageReport[];
}

/** Images in the order in which people should look at them. */
export const sortImages = (images: readonly ImageReport[]): SortedImages => {
  const fixable = new Map<ImageReport, number>();
  const fixableOf = (image: ImageReport): number => {
    const known = fixable.get(image) ?? image.findings.filter(isFixable).length;
    fixable.set(image, known);
    return known;
  };
  const sorted = images.toSorted(byRisk(fixableOf));
  const complete = sorted.filter(({ status }) => status === 'complete');
  return {
    atRisk: complete.filter((image) => !isClean(image)),
    clean: complete.filter(isClean),
    failed: sorted.filter(({ status }) => status === 'failed'),
    skipped: sorted.filter(({ status }) => status === 'skipped'),
  };
};

const isClean = ({ findings, coverage }: ImageReport): boolean => findings.length === 0 && coverage === 'full';

/** More of the worst first; among equals those that can be mended, then those that run now, then by name. */
const byRisk =
  (fixableOf: (image: ImageReport) => number) =>
  (a: ImageReport, b: ImageReport): number =>
    compareCounts(b.counts, a.counts) ||
    fixableOf(b) - fixableOf(a) ||
    Number(isRunning(b)) - Number(isRunning(a)) ||
    byName(a.references[0] ?? a.id ?? '', b.references[0] ?? b.id ?? '');

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
