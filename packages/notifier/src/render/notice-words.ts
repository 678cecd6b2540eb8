import {
  type Cause,
  changeInWords,
  compareSeverity,
  type ContainerReport,
  type Coverage,
  type FirstSeenGroup,
  type Notice,
  type NoticeFinding,
  sanitizeForTerminal,
  SEVERITIES,
} from '@scanner/core';

import { digestInWords } from './digest-words.ts';

/** A list that was cut, with how long it was. */
export interface CutList<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

const LONGEST_NAME = 200;

/** A name, a version or a message from outside as one harmless line. */
export const inert = (text: string): string =>
  sanitizeForTerminal(text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text);

/** `2 images`, `1 image`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** At most so many names, and how many there are besides. */
export const namesInWords = ({ items, total }: CutList<string>, most: number): string => {
  const shown = items.slice(0, most).map(inert);
  const more = total - shown.length;
  if (shown.length === 0) return plural(total, 'reference');
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
};

/** `3 new advisories, 1 resolved advisory`: what a notice is about, without a name of anything. */
export const totalsInWords = (notice: Notice): string => {
  const { totals, failures, recovered, repeated, digest } = notice;
  const parts = [
    change('new', totals.new, totals.advisories?.new),
    change('resolved', totals.resolved, totals.advisories?.resolved),
    change('raised in severity', totals.severityRaised, totals.advisories?.severityRaised),
    amount(totals.firstSeen, 'first seen'),
    failures.items.some(({ everything }) => everything) ? 'nothing can be scanned' : amount(totals.failing, 'failing'),
    recovered === null ? amount(totals.recovered, 'scanned again') : 'scanning works again',
    endings(notice.ending?.total ?? 0),
    notDelivered(notice),
    amount(repeated.total, repeated.total === 1 ? 'image still not accepted' : 'images still not accepted'),
  ];
  const told = parts.filter((part) => part !== null).join(', ');
  if (digest === undefined) return told || 'nothing new';
  return told === '' ? digestInWords(digest) : `${told}, with the ${digest.period} digest`;
};

const notDelivered = ({ undelivered }: Notice): string | null => {
  if (undelivered === undefined || undelivered.total === 0) return null;
  const isOne = undelivered.total === 1 && undelivered.items[0]?.notices === 1;
  return isOne ? 'an earlier notice not delivered' : 'earlier notices not delivered';
};

const change = (...[what, findings, advisories]: Parameters<typeof changeInWords>): string | null =>
  findings === 0 ? null : changeInWords(what, findings, advisories);

const endings = (count: number): string | null =>
  count === 0 ? null : count === 1 ? '1 acceptance ends soon' : `${count} acceptances end soon`;

const amount = (count: number, what: string): string | null => (count === 0 ? null : `${count} ${what}`);

/**
 * `3 critical, 12 high; 2 can be fixed`, the worst first. `nothing found` only where all of the image could be judged; null
 * where its coverage has to speak.
 */
export const foundInWords = (
  { counts, fixable, coverage }: Pick<FirstSeenGroup, 'counts' | 'fixable' | 'coverage'>,
  { trivy }: Pick<Notice, 'trivy'>,
): string | null => {
  const found = SEVERITIES.toReversed()
    .map((severity) => amount(counts[COUNT_OF[severity]], severity.toLowerCase()))
    .filter((part) => part !== null);
  if (found.length > 0) return found.join(', ') + (fixable > 0 ? `; ${fixable} can be fixed` : '');
  if (coverage !== 'full') return null;
  return trivy?.db_stale === true ? 'nothing found that the old database knows' : 'nothing found';
};

const COUNT_OF = {
  CRITICAL: 'critical',
  HIGH: 'high',
  MEDIUM: 'medium',
  LOW: 'low',
  UNKNOWN: 'unknown',
} as const;

/** Severities as a filter, the worst first. */
export const filterInWords = ({ severities, extra_args: extra }: Notice['filter']): string => {
  const shown = severities.toSorted((a, b) => compareSeverity(b, a)).join(', ');
  return extra.length === 0 ? shown : `${shown}, with ${inert(extra.join(' '))}`;
};

/** Who uses an image. */
export const containersInWords = (containers: CutList<ContainerReport> | null, most: number): string => {
  if (containers === null) return 'Containers unknown: the engine did not allow listing them';
  if (containers.total === 0) return 'No container uses it';
  const shown = containers.items.slice(0, most).map(({ name, state, compose_project: project }) => {
    const called = project === null ? name : `${project}/${name}`;
    return state === 'running' ? inert(called) : `${inert(called)} (${inert(state)})`;
  });
  const more = containers.total - shown.length;
  return `Containers: ${[...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ')}`;
};

/** From which version to which. */
export const fixInWords = ({ installed, fixed }: Pick<NoticeFinding, 'installed' | 'fixed'>): string => {
  if (installed === null) return fixed === null ? 'no fix yet' : `fixed in ${inert(fixed)}`;
  return fixed === null ? `${inert(installed)}, no fix yet` : `${inert(installed)} -> ${inert(fixed)}`;
};

/** The version that was there; of what is resolved, what to change to does not matter any more. */
export const versionInWords = ({ installed }: Pick<NoticeFinding, 'installed'>): string =>
  installed === null ? 'in a version that is not known' : `was in ${inert(installed)}`;

const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  image_updated: 'the image was updated',
  withdrawn: 'the finding was withdrawn',
  severity_changed: 'its severity changed',
  acceptance_expired: 'its acceptance expired',
  database_newer: 'the vulnerability database is newer',
  scanner_newer: 'Trivy is newer',
  coverage_changed: 'another part of the image could be judged',
  setting_changed: 'a setting changed',
  baseline_changed: 'the baseline was changed',
};

/** Why it changed; null where nothing explains it. */
export const causesInWords = (causes: readonly Cause[]): string | null =>
  causes.length === 0 ? null : causes.map((cause) => CAUSE_WORDS[cause]).join(' and ');

/** Why no findings are not the same as clean; null when they are. */
export const coverageInWords = (coverage: FirstSeenGroup['coverage']): string | null => COVERAGE_WORDS[coverage];

const COVERAGE_WORDS: Readonly<Record<Coverage, string | null>> = {
  full: null,
  partial: 'Only a part of the image could be judged',
  unsupported: 'Nothing in the image could be judged',
  eol: 'The distribution has reached its end of life: no advisories any more',
};

/** The first 12 digits of an image's ID. */
export const shortId = (id: string): string => inert(id.replace(/^sha256:([\da-f]{12})[\da-f]*$/, '$1'));
