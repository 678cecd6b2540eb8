import { parseFindingKey } from '../comparison/known-finding.ts';
import type { ImageReport, Totals } from './host-scan-document.ts';

type Change = 'new' | 'resolved' | 'severity_raised';

/** A finding counts once an image, however many names the image has. */
const distinct = ({ baselines }: ImageReport, change: Change): Set<string> =>
  new Set(baselines.flatMap(({ changes }) => changes[change]));

const advisoriesOf = (images: readonly ImageReport[], change: Change): number =>
  new Set(
    images.flatMap((image) => [...distinct(image, change)].map((key) => parseFindingKey(key)?.vulnerability ?? key)),
  ).size;

const countNotAccepted = ({ findings }: ImageReport): number =>
  findings.filter(({ accepted }) => accepted === false).length;

/** Counts what came of each image. */
export const totalsOf = (images: readonly ImageReport[]): Totals => {
  const told = images.some(({ baselines }) => baselines.length > 0);
  return {
    images: images.length,
    scanned: images.filter((image) => image.status === 'complete' && image.reused !== 'result').length,
    reused: images.filter((image) => image.status === 'complete' && image.reused === 'result').length,
    failed: images.filter((image) => image.status === 'failed').length,
    skipped: images.filter((image) => image.status === 'skipped').length,
    new: images.reduce((sum, image) => sum + distinct(image, 'new').size, 0),
    resolved: images.reduce((sum, image) => sum + distinct(image, 'resolved').size, 0),
    advisories: {
      new: advisoriesOf(images, 'new'),
      resolved: advisoriesOf(images, 'resolved'),
      severity_raised: advisoriesOf(images, 'severity_raised'),
    },
    ...(told && { not_accepted: images.reduce((sum, image) => sum + countNotAccepted(image), 0) }),
  };
};
