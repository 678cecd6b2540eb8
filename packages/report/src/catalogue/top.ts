import type { RankedTool, TopDocument } from '@scanner/core';

import { type Column, layOutColumns, widthOfColumns } from '../table/columns.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { wrap } from '../text/width.ts';
import { minute, plural } from '../text/words.ts';
import { countColumns, numbers, shortDigest, shortNumber, statusInWords } from './catalogue-words.ts';

/** A ranking of tools, and how many tools nobody knows anything of. Ends with a line break. */
export const renderTop = ({ tools, totals, sort }: TopDocument, options: TableOptions): string => {
  const style = new Style(options);
  const [head = '', ...rows] = tools.length === 0 ? [] : rankingTable(tools, style);
  const counted = `${tools.length} of ${plural(totals.ranked, 'tool')}, by ${sort}`;
  return `${[
    ...(tools.length === 0 ? ['No tools to rank'] : [style.dim(head), ...rows, '', counted]),
    ...unknownLines(totals.unknown, style),
  ].join('\n')}\n`;
};

/** The whole table where there is room; on a narrow terminal without what says least: digest, database, pulls. */
const rankingTable = (tools: readonly RankedTool[], style: Style): string[] => {
  const first = leadingColumns(tools, style);
  const more = furtherColumns(tools);
  while (more.length > 0 && widthOfColumns([...first, ...more]) > style.width) more.pop();
  return layOutColumns([...first, ...more], style.width, style.ellipsis);
};

const leadingColumns = (tools: readonly RankedTool[], style: Style): Column[] => [
  numbers(
    '#',
    tools.map(({ rank }) => String(rank)),
  ),
  { heading: 'TOOL', cells: tools.map(({ id }) => sanitizeForTerminal(id)), least: 16 },
  { heading: 'TAG', cells: tools.map(({ tag }) => sanitizeForTerminal(tag ?? '-')), least: 6 },
  ...countColumns(
    tools.map(({ counts }) => counts),
    style,
  ),
  { heading: 'STATUS', cells: tools.map((tool) => statusInWords(tool.status, tool)), least: 10 },
];

const furtherColumns = (tools: readonly RankedTool[]): Column[] => [
  { heading: 'SCANNED', cells: tools.map((tool) => day(tool.scanned_at)), least: 10 },
  numbers(
    'PULLS',
    tools.map((tool) => shortNumber(tool.pull_count)),
  ),
  { heading: 'DATABASE', cells: tools.map((tool) => day(tool.db_updated_at)), least: 10 },
  { heading: 'DIGEST', cells: tools.map(({ digest }) => shortDigest(digest)), least: 12 },
];

const DAY_CHARACTERS = '2026-11-22'.length;

const day = (time: string | null): string => (time === null ? '-' : minute(time).slice(0, DAY_CHARACTERS));

const unknownLines = (unknown: number, style: Style): string[] =>
  unknown === 0
    ? []
    : wrap(
        `${plural(unknown, 'tool')} never scanned: nothing is known of them; \`gts scan\` finds out`,
        style.width,
      ).map((line) => style.warning(line));
