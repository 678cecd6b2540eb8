import { compareFindings, type Finding, type ImageReport, type ScanDocument, type TrivyUsed } from '@scanner/core';

import { adviseOn } from '../failure-advice.ts';
import { sortImages } from '../image-order.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { wrap } from '../text/width.ts';
import {
  containersInWords,
  countOf,
  coverageInWords,
  DEMONSTRATION,
  filterInWords,
  findingsInWords,
  isFixable,
  nameOf,
  plural,
  reasonInWords,
  resultInWords,
  staleInWords,
  totalsInWords,
  trivyInWords,
  WORST_FIRST,
} from '../text/words.ts';
import { renderFindings } from './finding-rows.ts';
import { imageStandingInWords, type Standing, standingInWords, standingsOf } from './standing.ts';
import { Style, type TableOptions } from './style.ts';

const FINDINGS_PER_IMAGE = 10;
/** Of images that are only named. */
const NAMES_LISTED = 20;
const INDENT = 4;

/**
 * The document for people at a terminal: totals, then images by risk with their worst findings, then what failed and
 * what to do about it. Everything that comes from outside is made inert. Ends with a line break.
 */
export const renderTable = (document: ScanDocument, options: TableOptions): string => {
  const style = new Style(options);
  const { atRisk, clean, failed, skipped } = sortImages(document.images);
  const most = options.findingsPerImage ?? FINDINGS_PER_IMAGE;
  const sections = [
    banners(document, style),
    totals(document, style),
    ...atRisk.map((image) => imageSection(image, document, most, style)),
    cleanSection(clean, document, style),
    skippedSection(skipped, style),
    failedSection(failed, style),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
};

const banners = (document: ScanDocument, style: Style): string[] =>
  [document.demonstration === true ? DEMONSTRATION : null, staleInWords(document.trivy)]
    .filter((text) => text !== null)
    .flatMap((text) => wrap(`! ${text}`, style.width))
    .map((line) => style.warning(line));

const totals = (document: ScanDocument, style: Style): string[] => {
  const count = document.images.reduce((sum, { findings }) => sum + findings.length, 0);
  const fixable = document.images.reduce((sum, { findings }) => sum + findings.filter(isFixable).length, 0);
  const mendable = count === 0 ? '' : `; ${fixable} of ${count} have a fix`;
  const standing = standingInWords(document.totals);
  const known = standing === null ? '' : `; ${standing}`;
  return [
    ...wrap(totalsInWords(document.totals), style.width).map((line) => style.bold(line)),
    ...wrap(`Findings: ${findingsInWords(document)}${mendable}${known}`, style.width).map((line) => style.bold(line)),
    ...wrap(`Looked for: ${filterInWords(document.filter)}. ${trivyInWords(document.trivy)}`, style.width).map((line) =>
      style.dim(line),
    ),
  ];
};

const imageSection = (image: ImageReport, { trivy }: ScanDocument, most: number, style: Style): string[] => [
  `${style.bold(nameOf(image))}  ${result(image, trivy, style)}`,
  ...indented(imageStandingInWords(image), style),
  ...indented(alsoKnownAs(image), style).map((line) => style.dim(line)),
  ...indented(containersInWords(image), style),
  ...(image.findings.length > 0 ? indented(coverageInWords(image), style).map((line) => style.warning(line)) : []),
  ...findingLines(image, most, style),
];

const result = (image: ImageReport, trivy: TrivyUsed, style: Style): string =>
  image.findings.length === 0
    ? style.warning(resultInWords(image, trivy))
    : WORST_FIRST.filter((severity) => countOf(image.counts, severity) > 0)
        .map((severity) => style.severity(severity, `${countOf(image.counts, severity)} ${severity}`))
        .join('  ');

const alsoKnownAs = ({ references }: ImageReport): string | null =>
  references.length < 2 ? null : `also ${references.slice(1).map(sanitizeForTerminal).join(', ')}`;

const indented = (text: string | null, style: Style): string[] =>
  text === null ? [] : wrap(text, style.width - INDENT).map((line) => ' '.repeat(INDENT) + line);

const findingLines = (image: ImageReport, most: number, style: Style): string[] => {
  if (image.findings.length === 0) return [];
  const standingOf = standingsOf(image);
  const shown = image.findings.toSorted(newFirst(standingOf)).slice(0, most);
  const hidden = image.findings.length - shown.length;
  const where = image.log === null ? '' : `, in the log ${sanitizeForTerminal(image.log)}`;
  return [
    ...renderFindings(shown, style.width - INDENT, style, standingOf).map((line) => ' '.repeat(INDENT) + line),
    ...(hidden > 0 ? indented(`${style.ellipsis} and ${hidden} more${where}`, style) : []),
  ];
};

/** What is accepted comes last, what is new first. */
const newFirst =
  (standingOf: ((finding: Finding) => Standing) | null) =>
  (a: Finding, b: Finding): number =>
    (standingOf === null ? 0 : RANK[standingOf(a)] - RANK[standingOf(b)]) || compareFindings(a, b);

const RANK = { new: 0, open: 1, accepted: 2 } as const satisfies Record<Standing, number>;

const cleanSection = (images: readonly ImageReport[], { filter, trivy }: ScanDocument, style: Style): string[] => {
  if (images.length === 0) return [];
  const known = trivy.db_stale ? ' as far as the old database knows' : '';
  const heading = `Nothing of ${filterInWords(filter)} found in ${plural(images.length, 'image')}${known}:`;
  return [
    ...wrap(heading, style.width).map((line) => (trivy.db_stale ? style.warning(line) : style.good(line))),
    ...indented(enumerate(images, style), style),
  ];
};

const skippedSection = (images: readonly ImageReport[], style: Style): string[] => {
  const byReason = Map.groupBy(images, (image) => image.reason?.code ?? 'skipped');
  return [...byReason].flatMap(([code, group]) => {
    const advice = code === 'skipped' ? null : adviseOn(code);
    const lines = wrap(`Skipped as ${code}: ${enumerate(group, style)}`, style.width);
    return [...lines.map((line) => style.dim(line)), ...indented(advice && `${style.arrow} ${advice}`, style)];
  });
};

const enumerate = (images: readonly ImageReport[], { ellipsis }: Style): string => {
  const names = images.slice(0, NAMES_LISTED).map(nameOf).join(', ');
  const more = images.length - NAMES_LISTED;
  return more > 0 ? `${names} ${ellipsis} and ${more} more` : names;
};

const failedSection = (images: readonly ImageReport[], style: Style): string[] => {
  if (images.length === 0) return [];
  const heading = style.failure(style.bold(`Failed, so nothing is known of ${plural(images.length, 'image')}:`));
  return [heading, ...images.flatMap((image) => failedLines(image, style))];
};

const failedLines = (image: ImageReport, style: Style): string[] => {
  const advice = image.reason && adviseOn(image.reason.code);
  return [
    `  ${style.bold(nameOf(image))}`,
    ...indented(reasonInWords(image.reason) ?? 'no reason is known', style),
    ...indented(advice && `${style.arrow} ${advice}`, style),
  ];
};
