import type { ImageReport, Totals } from './host-scan-document.ts';

/** Counts what came of each image. */
export const totalsOf = (images: readonly ImageReport[]): Totals => {
  const changes = images.flatMap(({ baselines }) => baselines.map((baseline) => baseline.changes));
  return {
    images: images.length,
    scanned: images.filter((image) => image.status === 'complete' && image.reused !== 'result').length,
    reused: images.filter((image) => image.status === 'complete' && image.reused === 'result').length,
    failed: images.filter((image) => image.status === 'failed').length,
    skipped: images.filter((image) => image.status === 'skipped').length,
    new: changes.reduce((sum, change) => sum + change.new.length, 0),
    resolved: changes.reduce((sum, change) => sum + change.resolved.length, 0),
  };
};
