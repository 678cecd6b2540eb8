import { type CatalogueScanDocument, compareCounts, type ToolReport } from '@scanner/core';

import { layOutColumns } from '../table/columns.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { wrap } from '../text/width.ts';
import { minute, plural } from '../text/words.ts';
import { countColumns, statusInWords } from './catalogue-words.ts';
import { byReason, leftOutLines } from './left-out-tools.ts';

const TOOLS_LISTED = 20;

/**
 * What `gts scan` did: totals, then what it scanned with the worst first, then what it did not and why. Ends with a
 * line break.
 */
export const renderScanSummary = (document: CatalogueScanDocument, options: TableOptions): string => {
  const style = new Style(options);
  const { tools } = document;
  const sections = [
    totalsLines(document, style),
    scannedLines(
      tools.filter(({ status }) => status === 'scanned'),
      style,
    ),
    byReason(tools, 'failed', 'Failed', style),
    [...byReason(tools, 'not_reached', 'Not reached', style), ...resumeLines(document, style)],
    leftOutLines(document, style),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
};

const totalsLines = ({ totals }: CatalogueScanDocument, style: Style): string[] => {
  if (totals.selected === 0) return [style.bold('Nothing to scan')];
  const parts = [
    `${totals.scanned} scanned`,
    `${totals.failed} failed`,
    ...(totals.not_reached > 0 ? [`${totals.not_reached} not reached`] : []),
    ...(totals.unsaved > 0 ? [`${totals.unsaved} not saved`] : []),
  ];
  return wrap(`${plural(totals.selected, 'tool')} to scan: ${parts.join(', ')}`, style.width).map((line) =>
    style.bold(line),
  );
};

const scannedLines = (scanned: readonly ToolReport[], style: Style): string[] => {
  if (scanned.length === 0) return [];
  const shown = scanned.toSorted(byRisk).slice(0, TOOLS_LISTED);
  const hidden = scanned.length - shown.length;
  const [head = '', ...rows] = layOutColumns(
    [
      { heading: 'TOOL', cells: shown.map(({ id }) => sanitizeForTerminal(id)), least: 16 },
      { heading: 'IMAGE', cells: shown.map((tool) => sanitizeForTerminal(tool.image_ref ?? '-')), least: 12 },
      ...countColumns(
        shown.map(({ counts }) => counts),
        style,
      ),
      { heading: 'STATUS', cells: shown.map(status), least: 10 },
      { heading: 'NOTE', cells: shown.map(note), least: 9 },
    ],
    style.width,
    style.ellipsis,
  );
  return [
    style.dim(head),
    ...rows,
    ...(hidden > 0 ? [`${style.ellipsis} and ${hidden} more; \`gts top\` ranks all`] : []),
  ];
};

const byRisk = (a: ToolReport, b: ToolReport): number =>
  (a.counts !== null && b.counts !== null ? compareCounts(b.counts, a.counts) : 0) ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const status = (tool: ToolReport): string => statusInWords(tool.security_status ?? 'unknown', tool);

const note = ({ reused, source, saved }: ToolReport): string =>
  [
    ...(saved ? [] : ['not saved']),
    ...(reused === 'result' ? ['unchanged'] : []),
    ...(source === 'docker' ? ['from the local engine'] : []),
  ].join(', ');

const resumeLines = ({ resume_at: time }: CatalogueScanDocument, style: Style): string[] =>
  time === null
    ? []
    : wrap(`The registry grants more pulls from ${minute(time)} on`, style.width).map((line) => style.warning(line));
