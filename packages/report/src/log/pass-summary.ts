import { changeInWords, type HostScanDocument, type ImageReport, type TrivyUsed } from '@scanner/core';

import { sanitizeForTerminal } from '../text/inert-text.ts';
import {
  coverageInWords,
  DEMONSTRATION,
  filterInWords,
  findingsInWords,
  nameOf,
  reasonInWords,
  resultInWords,
  staleInWords,
  totalsInWords,
  trivyInWords,
} from '../text/words.ts';

/**
 * One block for `scan-summary.log`: totals, then a line for each image that failed, was skipped, was not fully judged
 * or was reused, then what else is to be said. Ends with an empty line, so that blocks stand apart.
 *
 * @param notes sentences on the pass as a whole
 */
export const renderPassSummary = (document: HostScanDocument, notes: readonly string[] = []): string => {
  const { totals, images, trivy } = document;
  const stale = staleInWords(trivy);
  return [
    `=== ${sanitizeForTerminal(document.started_at)} to ${sanitizeForTerminal(document.finished_at)}`,
    ...(document.demonstration === true ? [DEMONSTRATION] : []),
    totalsInWords(totals),
    `findings: ${findingsInWords(document)}; ${changeInWords('new', totals.new, totals.advisories?.new)}, ${changeInWords('resolved', totals.resolved, totals.advisories?.resolved)}`,
    `looked for: ${filterInWords(document.filter)}; ${trivyInWords(trivy)}`,
    ...(stale === null ? [] : [`warning: ${stale}`]),
    ...images.filter(({ status }) => status === 'failed').map((image) => line('failed', image)),
    ...images.filter(({ status }) => status === 'skipped').map((image) => line('skipped', image)),
    ...images.filter(isNotFullyJudged).map((image) => `not full: ${names(image)}: ${coverageInWords(image)}`),
    ...images.filter(({ reused }) => reused === 'result').map((image) => reusedLine(image, trivy)),
    ...notes.map((note) => `note: ${sanitizeForTerminal(note)}`),
    '\n',
  ].join('\n');
};

const isNotFullyJudged = (image: ImageReport): boolean => coverageInWords(image) !== null;

const line = (what: string, image: ImageReport): string =>
  `${what}: ${names(image)}: ${reasonInWords(image.reason) ?? 'no reason is known'}`;

const reusedLine = (image: ImageReport, trivy: TrivyUsed): string =>
  `unchanged: ${names(image)}: ${resultInWords(image, trivy)}; ${image.log === null ? 'no log' : sanitizeForTerminal(image.log)}`;

const names = (image: ImageReport): string =>
  image.references.length < 2 ? nameOf(image) : image.references.map(sanitizeForTerminal).join(', ');
