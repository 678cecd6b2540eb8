import type { Finding } from '@scanner/core';

import { sanitizeForTerminal } from '../text/inert-text.ts';
import { widthOf } from '../text/width.ts';
import { fixInWords, packageInWords } from '../text/words.ts';
import { type Column, layOutColumns } from './columns.ts';
import type { Standing } from './standing.ts';
import type { Style } from './style.ts';

/** Below this many columns left a title says too little to be worth its place. */
const LEAST_TITLE = 24;
const GAP = 2;

/** The findings as lines of a table, with their titles where there is room. */
export const renderFindings = (
  findings: readonly Finding[],
  width: number,
  style: Style,
  standingOf: ((finding: Finding) => Standing) | null = null,
): string[] => {
  const columns = [...standingColumn(findings, standingOf, style), ...findingColumns(findings, style)];
  const title: Column = {
    heading: 'TITLE',
    cells: findings.map((finding) => sanitizeForTerminal(finding.title ?? '')),
    least: LEAST_TITLE,
  };
  const taken = columns.reduce(
    (sum, { heading, cells }) => sum + Math.max(...[heading, ...cells].map(widthOf)) + GAP,
    0,
  );
  const shown = width - taken >= LEAST_TITLE ? [...columns, title] : columns;
  const [head = '', ...rows] = layOutColumns(shown, width, style.ellipsis);
  return [style.dim(head), ...rows];
};

/** Left out where it would say the same of all of them: that they are open. */
const standingColumn = (
  findings: readonly Finding[],
  standingOf: ((finding: Finding) => Standing) | null,
  style: Style,
): Column[] => {
  const standings = standingOf === null ? [] : findings.map(standingOf);
  if (standings.every((standing) => standing === 'open')) return [];
  return [
    {
      heading: 'STATE',
      cells: standings,
      least: 8,
      paint: (padded, row) => (standings[row] === 'new' ? style.bold(padded) : style.dim(padded)),
    },
  ];
};

const findingColumns = (findings: readonly Finding[], style: Style): Column[] => [
  {
    heading: 'SEVERITY',
    cells: findings.map(({ severity }) => severity),
    least: 8,
    paint: (padded, row) => style.severity(findings[row]?.severity ?? 'UNKNOWN', padded),
  },
  { heading: 'PACKAGE', cells: findings.map(packageInWords), least: 12 },
  { heading: 'INSTALLED', cells: findings.map(({ installed }) => sanitizeForTerminal(installed)), least: 10 },
  { heading: 'FIXED IN', cells: findings.map(fixInWords), least: 10 },
  {
    heading: 'VULNERABILITY',
    cells: findings.map(({ vulnerability }) => sanitizeForTerminal(vulnerability)),
    least: 16,
  },
];
