import { type BaselineDiffDocument, type BaselineDifference, type Finding, parseFindingKey } from '@scanner/core';

import { renderFindings } from '../table/finding-rows.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { minute } from '../text/words.ts';

const LISTED = 20;

const WITHHELD = {
  partial: 'nothing is called resolved: a part of the image was not judged',
  database_stale: 'nothing is called resolved: the vulnerability database was too old',
  coverage_differs: 'nothing is called resolved: less of the image could be judged than when it was accepted',
} as const;

/** What the last complete scans say beyond the baselines. Ends with a line break; empty without baselines. */
export const renderBaselineDiff = ({ differences }: BaselineDiffDocument, options: TableOptions): string => {
  const style = new Style(options);
  const parts = differences.map((difference) => differenceLines(difference, style).join('\n'));
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
};

const differenceLines = (difference: BaselineDifference, style: Style): string[] => {
  const { causes, resolved, severity_raised: raised, fix_available: mended, joined, withheld, whole } = difference;
  const told = new Set([...difference.new, ...raised.map(({ finding }) => finding)].map(({ key }) => key));
  const rest = whole ? [] : difference.not_accepted.filter(({ key }) => !told.has(key));
  const parts = [
    ...findingPart(whole ? 'New' : 'Not accepted any more', difference.new, style),
    ...findingPart(
      'More severe than accepted',
      raised.map(({ finding }) => finding),
      style,
    ),
    ...findingPart('With a fix now', mended, style),
    ...findingPart('Not accepted', rest, style),
    ...findingPart('Listed by another setting', joined, style),
    ...listPart(whole ? 'Resolved' : 'Accepted and not found', resolved.map(keyInWords), style),
  ];
  return [
    `${style.bold(sanitizeForTerminal(difference.reference))}, as scanned ${minute(difference.scanned_at)}`,
    ...(causes.length === 0 ? [] : [style.dim(`  since then: ${causes.join(', ').replaceAll('_', ' ')}`)]),
    ...(withheld === null ? [] : [style.warning(`  ${WITHHELD[withheld]}`)]),
    ...(parts.length > 0 ? parts : [unchanged(withheld, style)]),
  ];
};

const unchanged = (withheld: BaselineDifference['withheld'], style: Style): string =>
  withheld === null
    ? style.good('  as it was accepted')
    : style.warning('  as it was accepted, as far as it was judged');

const findingPart = (name: string, findings: readonly Finding[], style: Style): string[] =>
  findings.length === 0
    ? []
    : [
        style.bold(`  ${name}: ${findings.length}`),
        ...renderFindings(findings.slice(0, LISTED), style.width - 4, style).map((line) => `    ${line}`),
        ...more(findings.length, style),
      ];

const listPart = (name: string, items: readonly string[], style: Style): string[] =>
  items.length === 0
    ? []
    : [
        style.bold(`  ${name}: ${items.length}`),
        ...items.slice(0, LISTED).map((item) => `    ${style.good(item)}`),
        ...more(items.length, style),
      ];

const more = (count: number, style: Style): string[] =>
  count > LISTED ? [`    ${style.ellipsis} and ${count - LISTED} more; --json lists all`] : [];

const keyInWords = (key: string): string => {
  const identity = parseFindingKey(key);
  if (identity === null) return sanitizeForTerminal(key);
  const { vulnerability, packagePart, path } = identity;
  return sanitizeForTerminal(
    `${vulnerability} in ${packagePart ?? 'every package'}${path === null ? '' : ` at ${path}`}`,
  );
};
