import {
  addCounts,
  type ContainerReport,
  countSeverities,
  type FindingFilter,
  type ImageReport,
  type ScanDocument,
  SEVERITIES,
  type Severity,
  type SeverityCounts,
  type Totals,
  type TrivyUsed,
} from '@scanner/core';

import { sanitizeForTerminal } from './inert-text.ts';

export const DEMONSTRATION = 'Demonstration: bundled images and database, not those of this host';

export const WORST_FIRST: readonly Severity[] = SEVERITIES.toReversed();

const COUNT_OF = {
  CRITICAL: 'critical',
  HIGH: 'high',
  MEDIUM: 'medium',
  LOW: 'low',
  UNKNOWN: 'unknown',
} as const satisfies Record<Severity, keyof SeverityCounts>;

export const countOf = (counts: SeverityCounts, severity: Severity): number => counts[COUNT_OF[severity]];

/** `2 images`, `1 image`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `3 critical, 12 high`, worst first and without those that are not; `none` when there are none at all. */
export const countsInWords = (counts: SeverityCounts): string =>
  WORST_FIRST.filter((severity) => countOf(counts, severity) > 0)
    .map((severity) => `${countOf(counts, severity)} ${severity.toLowerCase()}`)
    .join(', ') || 'none';

const totalCounts = (images: readonly ImageReport[]): SeverityCounts =>
  images.map(({ counts }) => counts).reduce(addCounts, countSeverities([]));

/**
 * What was found in all of them, for a headline. Where nothing was, of how many that is known: what failed or was not
 * judged in full is never among them.
 */
export const findingsInWords = ({ images, trivy }: Pick<ScanDocument, 'images' | 'trivy'>): string => {
  const counts = totalCounts(images);
  if (WORST_FIRST.some((severity) => countOf(counts, severity) > 0)) return countsInWords(counts);
  const wanted = images.filter(({ status }) => status !== 'skipped');
  const judged = wanted.filter(isJudged);
  const known = trivy.db_stale ? ', as far as the old database knows' : '';
  return judged.length > 0 && judged.length === wanted.length
    ? `none${known}`
    : `none in ${plural(judged.length, 'image')} that could be judged${known}`;
};

/** Whether all of it could be judged. */
export const isJudged = ({ status, coverage }: Pick<ImageReport, 'status' | 'coverage'>): boolean =>
  status === 'complete' && coverage === 'full';

export const totalsInWords = ({ images, scanned, reused, failed, skipped }: Totals): string =>
  `${plural(images, 'image')}: ${scanned} scanned, ${reused} unchanged, ${failed} failed, ${skipped} skipped`;

export const isFixable = ({ fixed }: { readonly fixed: string | null }): boolean => fixed !== null;

/** What to change to: the versions that mend it, or why there are none. */
export const fixInWords = ({
  fixed,
  status,
}: {
  readonly fixed: string | null;
  readonly status: string | null;
}): string => {
  if (fixed !== null) return sanitizeForTerminal(fixed);
  if (status === null || status === 'affected' || status === 'fixed') return 'no fix yet';
  return sanitizeForTerminal(status.replaceAll('_', ' '));
};

export const packageInWords = ({
  package: name,
  path,
}: {
  readonly package: string;
  readonly path: string | null;
}): string => sanitizeForTerminal(path === null || path === '' ? name : `${name} in ${path}`);

/** How people call the image, safe to print. */
export const nameOf = ({ references, id }: Pick<ImageReport, 'references' | 'id'>): string =>
  sanitizeForTerminal(references[0] ?? id ?? 'an image without a name');

/** Why no findings are not the same as clean; `null` when they are. */
export const coverageInWords = ({ coverage, reason }: Pick<ImageReport, 'coverage' | 'reason'>): string | null => {
  const why = reason === null ? null : sanitizeForTerminal(reason.message);
  const added = why === null ? '' : ` (${why})`;
  if (coverage === 'partial') return `partial: ${why ?? 'something was left out'}`;
  if (coverage === 'unsupported') return `not supported: nothing could be judged${added}`;
  if (coverage === 'eol') return `end of life: no advisories any more${added}`;
  return null;
};

/** What came of a finished scan, in a few words. */
export const resultInWords = (
  image: Pick<ImageReport, 'counts' | 'findings' | 'coverage' | 'reason'>,
  { db_stale: stale }: TrivyUsed,
): string => {
  if (image.findings.length > 0) return countsInWords(image.counts);
  return coverageInWords(image) ?? (stale ? 'nothing found that the old database knows' : 'nothing found');
};

export const reasonInWords = (reason: ImageReport['reason']): string | null =>
  reason === null ? null : `${reason.code}: ${sanitizeForTerminal(reason.message)}`;

/** Who runs it; `null` where nobody was asked, since the image is not from an engine. */
export const containersInWords = ({
  containers,
  source,
}: Pick<ImageReport, 'containers' | 'source'>): string | null => {
  if (containers === null) return source === 'docker' ? 'who uses it is unknown: the engine would not say' : null;
  if (containers.length === 0) return source === 'docker' ? 'no container uses it' : null;
  const running = containers.filter(({ state }) => state === 'running');
  const others = containers.filter(({ state }) => state !== 'running');
  return [
    ...(running.length > 0 ? [`running: ${running.map(containerName).join(', ')}`] : []),
    ...(others.length > 0 ? [`not running: ${others.map(nameAndState).join(', ')}`] : []),
  ].join('; ');
};

const containerName = ({ name, compose_project: project }: ContainerReport): string =>
  sanitizeForTerminal(project === null ? name : `${name} (${project})`);

const nameAndState = (container: ContainerReport): string =>
  `${containerName(container)} ${sanitizeForTerminal(container.state)}`;

export const filterInWords = ({ severities, extra_args: extra }: FindingFilter): string => {
  const shown = WORST_FIRST.filter((severity) => severities.includes(severity)).join(', ') || 'none';
  return extra.length === 0 ? shown : `${shown}, with ${sanitizeForTerminal(extra.join(' '))}`;
};

export const trivyInWords = ({ version, db_updated_at: updated }: TrivyUsed): string =>
  `Trivy ${sanitizeForTerminal(version)}, database ${updated === null ? 'of unknown age' : `of ${minute(updated)}`}`;

/** What to know of a database that is too old; `null` when it is not. */
export const staleInWords = ({ db_stale: stale, db_updated_at: updated }: TrivyUsed): string | null =>
  stale
    ? `The vulnerability database is too old (${updated === null ? 'of unknown age' : `of ${minute(updated)}`}): what was published since is missing here`
    : null;

/** Over the images that have no findings and were fully judged. */
export const cleanHeading = ({ db_stale: stale }: TrivyUsed): string =>
  stale ? 'Nothing found, as far as the old database knows' : 'Nothing found';

/** `2026-11-22 01:02 UTC` */
export const minute = (time: string): string => {
  const moment = new Date(time);
  return Number.isNaN(moment.getTime())
    ? sanitizeForTerminal(time)
    : `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
};
