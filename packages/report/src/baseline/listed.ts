import type { BaselineListDocument, ListedBaseline } from '@scanner/core';

import { type Column, layOutColumns } from '../table/columns.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';

/** Every baseline, those that cannot be used with what is wrong. Ends with a line break. */
export const renderBaselineList = ({ baselines }: BaselineListDocument, options: TableOptions): string => {
  const style = new Style(options);
  if (baselines.length === 0) return 'No baselines\n';
  const usable = baselines.filter(({ problem }) => problem === null);
  const [head = '', ...rows] = usable.length === 0 ? [] : layOutColumns(columns(usable), style.width, style.ellipsis);
  const broken = baselines.filter(({ problem }) => problem !== null).map((each) => style.failure(problemLine(each)));
  return `${[...(rows.length === 0 ? [] : [style.dim(head)]), ...rows, ...broken].join('\n')}\n`;
};

const columns = (baselines: readonly ListedBaseline[]): Column[] => [
  { heading: 'REFERENCE', cells: baselines.map(({ reference }) => inert(reference)), least: 16 },
  { heading: 'ACCEPTED', cells: baselines.map(({ accepted }) => String(accepted ?? '-')), least: 8 },
  { heading: 'EXPIRED', cells: baselines.map(({ expired }) => String(expired ?? '-')), least: 7 },
  { heading: 'IMAGE', cells: baselines.map(({ image_id: image }) => inert(image)), least: 19 },
  { heading: 'FILE', cells: baselines.map(({ file }) => inert(file)), least: 16 },
];

const problemLine = ({ file, problem }: ListedBaseline): string =>
  `! ${sanitizeForTerminal(`${file} ${problem ?? ''}`)}`;

const inert = (text: string | null): string => sanitizeForTerminal(text ?? '-');
