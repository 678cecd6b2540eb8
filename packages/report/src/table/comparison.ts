import { compareFindings, type CompareDocument, countSeverities, type Finding, type ImageReport } from '@scanner/core';

import { adviseOn } from '../failure-advice.ts';
import { wrap } from '../text/width.ts';
import {
  countsInWords,
  coverageInWords,
  filterInWords,
  isJudged,
  nameOf,
  reasonInWords,
  resultInWords,
  staleInWords,
  trivyInWords,
} from '../text/words.ts';
import { renderFindings } from './finding-rows.ts';
import { Style, type TableOptions } from './style.ts';

const FINDINGS_PER_PART = 20;
const INDENT = 2;

/** What exchanging one image for another does, for people at a terminal. Ends with a line break. */
export const renderComparison = (document: CompareDocument, options: TableOptions): string => {
  const style = new Style(options);
  const most = options.findingsPerImage ?? FINDINGS_PER_PART;
  const parts = document.comparable
    ? [
        part('Added', document.added, most, style),
        part('Removed', document.removed, most, style),
        part('Kept', document.kept, most, style),
      ]
    : [];
  return `${[...notComparable(document, style), heading(document, style), ...parts].map((lines) => lines.join('\n')).join('\n\n')}\n`;
};

const heading = (document: CompareDocument, style: Style): string[] => {
  const stale = staleInWords(document.trivy);
  return [
    ...(stale === null ? [] : wrap(`! ${stale}`, style.width).map((line) => style.warning(line))),
    style.bold(`${nameOf(document.a)} ${style.arrow} ${nameOf(document.b)}`),
    ...[document.a, document.b].flatMap((image) => sideLines(image, document, style)),
    ...wrap(`Looked for: ${filterInWords(document.filter)}. ${trivyInWords(document.trivy)}`, style.width).map((line) =>
      style.dim(line),
    ),
  ];
};

const sideLines = (image: ImageReport, { trivy }: CompareDocument, style: Style): string[] => {
  const advice = image.reason && adviseOn(image.reason.code);
  const found =
    image.status === 'complete' ? resultInWords(image, trivy) : `${image.status}, ${reasonInWords(image.reason)}`;
  const remark = image.status === 'complete' && image.findings.length > 0 ? coverageInWords(image) : advice;
  return [
    ...wrap(`${nameOf(image)}: ${found}`, style.width),
    ...(remark === null
      ? []
      : wrap(remark, style.width - INDENT).map((line) => style.warning(' '.repeat(INDENT) + line))),
  ];
};

const part = (name: string, findings: readonly Finding[], most: number, style: Style): string[] => {
  const title = style.bold(`${name}: ${countsInWords(countSeverities(findings))}`);
  if (findings.length === 0) return [title];
  const shown = findings.toSorted(compareFindings).slice(0, most);
  const hidden = findings.length - shown.length;
  const rows = renderFindings(shown, style.width - INDENT, style);
  const more = hidden > 0 ? [`${style.ellipsis} and ${hidden} more; --json lists all`] : [];
  return [title, ...[...rows, ...more].map((line) => ' '.repeat(INDENT) + line)];
};

/** Said first of all: whoever reads on knows that nothing here speaks for one of the two. */
const notComparable = ({ comparable, a, b }: CompareDocument, style: Style): string[][] => {
  if (comparable) return [];
  const sides = [a, b].filter((image) => !isJudged(image)).map((image) => `${nameOf(image)} (${whyNot(image)})`);
  return [
    wrap(`Not compared: not judged in full: ${sides.join('; ')}`, style.width).map((line) => style.failure(line)),
  ];
};

const whyNot = (image: ImageReport): string =>
  coverageInWords(image) ?? `${image.status}, ${reasonInWords(image.reason)}`;
