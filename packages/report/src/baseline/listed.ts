import type { BaselineListDocument, ListedBaseline } from '@scanner/core';

import { type Column, layOutColumns } from '../table/columns.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { endInTable, placeOfRule } from './acceptance-words.ts';

type ListedRule = BaselineListDocument['rules']['rules'][number];

/** Every baseline and rule, and the files that cannot be used with what is wrong. Ends with a line break. */
export const renderBaselineList = ({ baselines, rules }: BaselineListDocument, options: TableOptions): string => {
  const style = new Style(options);
  const usable = baselines.filter(({ problem }) => problem === null);
  const broken = [...baselines, rules].filter(({ problem }) => problem !== null);
  const parts = [
    table(baselineColumns(usable), style),
    rules.rules.length === 0
      ? []
      : [`Rules for every image, in ${inert(rules.file)}:`, ...table(ruleColumns(rules.rules, style), style)],
    broken.map((each) => style.failure(problemLine(each))),
  ].filter((lines) => lines.length > 0);
  return parts.length === 0 ? 'No baselines\n' : `${parts.map((lines) => lines.join('\n')).join('\n')}\n`;
};

const table = (columns: readonly Column[], style: Style): string[] => {
  const [head = '', ...rows] = layOutColumns(columns, style.width, style.ellipsis);
  return rows.length === 0 ? [] : [style.dim(head), ...rows];
};

const baselineColumns = (baselines: readonly ListedBaseline[]): Column[] => [
  { heading: 'REFERENCE', cells: baselines.map(({ reference }) => inert(reference)), least: 16 },
  { heading: 'ACCEPTED', cells: baselines.map(({ accepted }) => String(accepted ?? '-')), least: 8 },
  { heading: 'EXPIRED', cells: baselines.map(({ expired }) => String(expired ?? '-')), least: 7 },
  ...(baselines.every(({ whole }) => whole === true)
    ? []
    : [{ heading: 'OF ITS SCAN', cells: baselines.map(({ whole }) => (whole === true ? 'all' : 'some')), least: 4 }]),
  { heading: 'IMAGE', cells: baselines.map(({ image_id: image }) => inert(image)), least: 19 },
  { heading: 'FILE', cells: baselines.map(({ file }) => inert(file)), least: 16 },
];

const ruleColumns = (rules: readonly ListedRule[], style: Style): Column[] => [
  { heading: 'VULNERABILITY', cells: rules.map(({ vulnerability }) => inert(vulnerability)), least: 16 },
  { heading: 'WHERE', cells: rules.map(placeOfRule), least: 12 },
  {
    heading: 'UNTIL',
    cells: rules.map(endInTable),
    least: 10,
    paint: (padded, row) => (rules[row]?.expired === true ? style.warning(padded) : padded),
  },
  { heading: 'OWNER', cells: rules.map(({ owner }) => inert(owner ?? null)), least: 6 },
  { heading: 'REASON', cells: rules.map(({ reason }) => sanitizeForTerminal(reason ?? '')), least: 12 },
];

const problemLine = ({ file, problem }: Pick<ListedBaseline, 'file' | 'problem'>): string =>
  `! ${sanitizeForTerminal(`${file} ${problem ?? ''}`)}`;

const inert = (text: string | null): string => sanitizeForTerminal(text ?? '-');
