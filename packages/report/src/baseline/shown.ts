import { type BaselineShowDocument, parseFindingKey, type ShownBaseline } from '@scanner/core';

import { type Column, layOutColumns } from '../table/columns.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { plural } from '../text/words.ts';
import { dayOf, endInTable, placeOfRule } from './acceptance-words.ts';

type ShownFinding = ShownBaseline['findings'][number];
type ShownRule = ShownBaseline['rules'][number];

/** What is accepted of each reference, worst first. Ends with a line break; empty without baselines. */
export const renderBaselineShow = ({ baselines }: BaselineShowDocument, options: TableOptions): string => {
  const style = new Style(options);
  const parts = baselines.map((baseline) => [
    ...heading(baseline, style),
    ...table(lineColumns(baseline.findings, style), style),
    ...rulesPart(baseline.rules, style),
  ]);
  return parts.length === 0 ? '' : `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
};

const heading = ({ reference, findings, image_id: image, file, whole }: ShownBaseline, style: Style): string[] => {
  const ended = findings.filter(({ expired }) => expired).length;
  const counted = `${plural(findings.length - ended, 'finding')} accepted`;
  return [
    style.bold(`${sanitizeForTerminal(reference)}: ${counted}${ended === 0 ? '' : `, ${ended} not any more: expired`}`),
    style.dim(`  ${sanitizeForTerminal(file)}, image ${sanitizeForTerminal(image ?? 'not recorded')}`),
    ...(whole ? [] : ['  single findings only: what else its scan found is not accepted']),
  ];
};

const rulesPart = (rules: readonly ShownRule[], style: Style): string[] =>
  rules.length === 0
    ? []
    : ['  Accepted by rules, in every image that they fit:', ...table(ruleColumns(rules, style), style)];

const table = (columns: readonly Column[], style: Style): string[] => {
  const [head = '', ...rows] = layOutColumns(columns, style.width - 2, style.ellipsis);
  return rows.length === 0 ? [] : [style.dim(head), ...rows].map((line) => `  ${line}`);
};

const lineColumns = (findings: readonly ShownFinding[], style: Style): Column[] => [
  {
    heading: 'SEVERITY',
    cells: findings.map(({ severity }) => severity ?? '-'),
    least: 8,
    paint: (padded, row) => style.severity(findings[row]?.severity ?? 'UNKNOWN', padded),
  },
  { heading: 'VULNERABILITY', cells: findings.map(vulnerability), least: 16 },
  { heading: 'PACKAGE', cells: findings.map(packageOf), least: 12 },
  { heading: 'SINCE', cells: findings.map(({ since }) => dayOf(since)), least: 10 },
  ...termColumns(findings, style),
];

const ruleColumns = (rules: readonly ShownRule[], style: Style): Column[] => [
  { heading: 'FINDINGS', cells: rules.map(({ hits }) => String(hits.length)), least: 8 },
  { heading: 'VULNERABILITY', cells: rules.map((rule) => sanitizeForTerminal(rule.vulnerability)), least: 16 },
  { heading: 'WHERE', cells: rules.map(placeOfRule), least: 12 },
  { heading: 'SINCE', cells: rules.map(({ since }) => dayOf(since)), least: 10 },
  ...termColumns(rules, style),
];

/** Until when, by whom and why; without owners no column for them. */
const termColumns = (
  said: readonly (Pick<ShownFinding, 'expired' | 'owner' | 'until_fix'> &
    Partial<Pick<ShownRule, 'expires' | 'reason'>>)[],
  style: Style,
): Column[] => [
  {
    heading: 'UNTIL',
    cells: said.map(endInTable),
    least: 10,
    paint: (padded, row) => (said[row]?.expired === true ? style.warning(padded) : padded),
  },
  ...(said.every(({ owner }) => owner === null || owner === undefined)
    ? []
    : [{ heading: 'OWNER', cells: said.map(({ owner }) => sanitizeForTerminal(owner ?? '-')), least: 6 }]),
  { heading: 'REASON', cells: said.map(({ reason }) => sanitizeForTerminal(reason ?? '')), least: 12 },
];

const vulnerability = ({ key }: ShownFinding): string =>
  sanitizeForTerminal(parseFindingKey(key)?.vulnerability ?? key);

const packageOf = ({ key, package: name }: ShownFinding): string => {
  const identity = parseFindingKey(key);
  const known = name ?? identity?.packagePart ?? 'every package';
  return sanitizeForTerminal(identity?.path ? `${known} in ${identity.path}` : known);
};
