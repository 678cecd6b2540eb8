import { type BaselineShowDocument, parseFindingKey, type ShownBaseline } from '@scanner/core';

import { type Column, layOutColumns } from '../table/columns.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { minute, plural } from '../text/words.ts';

type ShownFinding = ShownBaseline['findings'][number];

/** What is accepted of each reference, worst first. Ends with a line break; empty without baselines. */
export const renderBaselineShow = ({ baselines }: BaselineShowDocument, options: TableOptions): string => {
  const style = new Style(options);
  const parts = baselines.map((baseline) => [...heading(baseline, style), ...table(baseline.findings, style)]);
  return parts.length === 0 ? '' : `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
};

const heading = ({ reference, findings, image_id: image, file }: ShownBaseline, style: Style): string[] => {
  const expired = findings.filter((finding) => finding.expired).length;
  const counted = `${plural(findings.length - expired, 'finding')} accepted`;
  return [
    style.bold(
      `${sanitizeForTerminal(reference)}: ${counted}${expired === 0 ? '' : `, ${expired} not any more: expired`}`,
    ),
    style.dim(`  ${sanitizeForTerminal(file)}, image ${sanitizeForTerminal(image ?? 'not recorded')}`),
  ];
};

const table = (findings: readonly ShownFinding[], style: Style): string[] => {
  if (findings.length === 0) return [];
  const [head = '', ...rows] = layOutColumns(columns(findings, style), style.width - 2, style.ellipsis);
  return [style.dim(head), ...rows].map((line) => `  ${line}`);
};

const columns = (findings: readonly ShownFinding[], style: Style): Column[] => [
  {
    heading: 'SEVERITY',
    cells: findings.map(({ severity }) => severity ?? '-'),
    least: 8,
    paint: (padded, row) => style.severity(findings[row]?.severity ?? 'UNKNOWN', padded),
  },
  { heading: 'VULNERABILITY', cells: findings.map(vulnerability), least: 16 },
  { heading: 'PACKAGE', cells: findings.map(packageOf), least: 12 },
  { heading: 'SINCE', cells: findings.map(({ since }) => day(since)), least: 10 },
  {
    heading: 'UNTIL',
    cells: findings.map(({ expires, expired }) => (expired ? `expired ${day(expires)}` : day(expires))),
    least: 10,
    paint: (padded, row) => (findings[row]?.expired ? style.warning(padded) : padded),
  },
  { heading: 'REASON', cells: findings.map(({ reason }) => sanitizeForTerminal(reason ?? '')), least: 12 },
];

const vulnerability = ({ key }: ShownFinding): string =>
  sanitizeForTerminal(parseFindingKey(key)?.vulnerability ?? key);

const packageOf = ({ key, package: name }: ShownFinding): string => {
  const identity = parseFindingKey(key);
  const known = name ?? identity?.packagePart ?? 'every package';
  return sanitizeForTerminal(identity?.path ? `${known} in ${identity.path}` : known);
};

const DAY_CHARACTERS = '2026-11-22'.length;

const day = (moment: string | null): string => (moment === null ? '-' : minute(moment).slice(0, DAY_CHARACTERS));
