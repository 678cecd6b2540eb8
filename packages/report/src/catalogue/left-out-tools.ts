import type { CatalogueScanDocument, ToolReport } from '@scanner/core';

import type { Style } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { wrap } from '../text/width.ts';
import { plural, reasonInWords } from '../text/words.ts';
import { adviseOnTool } from './catalogue-words.ts';

const NAMES_LISTED = 10;
const INDENT = 4;

/** How many tools were not looked at, and why. */
export const leftOutLines = (
  { tools, totals }: Pick<CatalogueScanDocument, 'tools' | 'totals'>,
  style: Style,
): string[] => [
  ...said(totals.skipped_fresh, 'scanned not long ago', style),
  ...said(totals.skipped_failed, 'failed within the hour; --force tries again', style),
  ...byReason(tools, 'unresolved', 'Without an image to scan', style),
];

const said = (count: number, why: string, style: Style): string[] =>
  count === 0 ? [] : wrap(`Left out: ${plural(count, 'tool')} ${why}`, style.width).map((line) => style.dim(line));

/** The tools of one status, grouped by why. */
export const byReason = (
  tools: readonly ToolReport[],
  status: ToolReport['status'],
  heading: string,
  style: Style,
): string[] => {
  const groups = Map.groupBy(
    tools.filter((tool) => tool.status === status),
    ({ reason }) => reason?.code ?? 'unknown',
  );
  return [...groups.values()].flatMap((group) => groupLines(heading, group, style));
};

/** Where one reason is for all, it is said once; where each has its own, each is named with it. */
const groupLines = (heading: string, group: readonly ToolReport[], style: Style): string[] => {
  const reason = group[0]?.reason ?? null;
  const advice = reason && adviseOnTool(reason.code);
  const isShared = new Set(group.map((tool) => tool.reason?.message)).size === 1;
  const named = group.slice(0, NAMES_LISTED);
  const hidden = group.length - named.length;
  const more = hidden > 0 ? [`${style.ellipsis} and ${hidden} more; --json lists all`] : [];
  const title = `${heading}, ${plural(group.length, 'tool')}: `;
  const lines = isShared
    ? [reasonInWords(reason) ?? 'no reason is known', named.map(nameOf).join(', ')]
    : named.map((tool) => `${nameOf(tool)}: ${sanitizeForTerminal(tool.reason?.message ?? '')}`);
  const first = isShared ? title + (lines.shift() ?? '') : title + (reason?.code ?? 'no reason is known');
  return [
    ...wrap(first, style.width).map((line) => style.failure(line)),
    ...indented([...lines, ...more], style),
    ...indented(advice === null ? [] : [`${style.arrow} ${advice}`], style),
  ];
};

const indented = (texts: readonly string[], style: Style): string[] =>
  texts.flatMap((text) => wrap(text, style.width - INDENT)).map((line) => ' '.repeat(INDENT) + line);

const nameOf = ({ id, image_ref: image }: ToolReport): string =>
  sanitizeForTerminal(image === null ? id : `${id} (${image})`);
