import type { CatalogueScanDocument, ToolReport } from '@scanner/core';

import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { wrap } from '../text/width.ts';
import { minute, plural } from '../text/words.ts';
import { frameColumns } from './boxed-table.ts';
import { statusInWords } from './catalogue-words.ts';
import { leftOutLines } from './left-out-tools.ts';

/** What `gts scan` would scan now, in the order in which it would, and what it would leave out. Ends with a line break. */
export const renderScanPlan = ({ tools, totals }: CatalogueScanDocument, options: TableOptions): string => {
  const style = new Style(options);
  const selected = tools.filter(({ status }) => status === 'selected');
  const heading =
    selected.length === 0 ? 'Nothing to scan' : `${plural(selected.length, 'tool')} would be scanned; nothing was`;
  return `${[
    ...(selected.length === 0 ? [] : planTable(selected, style, options)),
    ...wrap(heading, style.width).map((line) => style.bold(line)),
    ...leftOutLines({ tools, totals }, style),
  ].join('\n')}\n`;
};

const planTable = (selected: readonly ToolReport[], style: Style, options: TableOptions): string[] =>
  frameColumns(
    [
      { heading: 'Tool ID', cells: selected.map(({ id }) => sanitizeForTerminal(id)), least: 12 },
      { heading: 'Image Ref', cells: selected.map((tool) => sanitizeForTerminal(tool.image_ref ?? '-')), least: 12 },
      {
        heading: 'Status',
        cells: selected.map((tool) => statusInWords(tool.security_status ?? 'unknown', tool).toUpperCase()),
        least: 10,
      },
      { heading: 'Last Scan', cells: selected.map(lastScan), least: 9 },
    ],
    { ...options, width: style.width },
  );

const lastScan = ({ last_scan: time }: ToolReport): string => (time === null ? 'Never' : minute(time));
