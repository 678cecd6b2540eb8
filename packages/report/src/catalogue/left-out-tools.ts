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
  ...freshLines(totals.skipped_fresh, style),
  ...byReason(tools, 'skipped_failed', 'Failed within the hour, so left out (--force tries again)', style),
  ...byReason(tools, 'unresolved', 'Without an image to scan', style),
];

const freshLines = (count: number, style: Style): string[] =>
  count === 0
    ? []
    : wrap(`Left out: ${plural(count, 'tool')} scanned not long ago`, style.width).map((line) => style.dim(line));

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

/** What is the same for all is said once; where each has a message of its own, each is named with it. */
const groupLines = (heading: string, group: readonly ToolReport[], style: Style): string[] => {
  const reason = group[0]?.reason ?? null;
  const isShared = new Set(group.map((tool) => tool.reason?.message)).size === 1;
  const why = isShared ? reasonInWords(reason) : reason?.code;
  const named = group.slice(0, NAMES_LISTED);
  const hidden = group.length - named.length;
  const wasTried = group[0]?.image_ref !== null;
  const advice = wasTried && reason !== null ? adviseOnTool(reason.code) : null;
  const remarks = [
    ...(isShared ? [named.map(nameOf).join(', ')] : named.map(nameWithMessage)),
    ...(hidden > 0 ? [`${style.ellipsis} and ${hidden} more; --json lists all`] : []),
    ...(advice === null ? [] : [`${style.arrow} ${advice}`]),
  ];
  return [
    ...wrap(`${heading}, ${plural(group.length, 'tool')}: ${why ?? 'no reason is known'}`, style.width).map((line) =>
      style.failure(line),
    ),
    ...remarks.flatMap((text) => wrap(text, style.width - INDENT)).map((line) => ' '.repeat(INDENT) + line),
  ];
};

const nameWithMessage = (tool: ToolReport): string =>
  `${nameOf(tool)}: ${sanitizeForTerminal(tool.reason?.message ?? '')}`;

const nameOf = ({ id, image_ref: image }: ToolReport): string =>
  sanitizeForTerminal(image === null ? id : `${id} (${image})`);
