import type { ScrapeDocument, ScrapedNamespace } from '@scanner/core';

import { layOutColumns } from '../table/columns.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { wrap } from '../text/width.ts';
import { plural } from '../text/words.ts';
import { numbers } from './catalogue-words.ts';

const ERRORS_LISTED = 20;

/** What `gts scrape` stored, what it could not see, and what went wrong. Ends with a line break. */
export const renderScrapeSummary = (document: ScrapeDocument, options: TableOptions): string => {
  const style = new Style(options);
  const { namespaces, totals } = document;
  const tools = namespaces.reduce((sum, namespace) => sum + namespace.tools, 0);
  const spent = `${plural(totals.requests, 'request')}, ${plural(totals.cached, 'answer')} from the cache`;
  const heading = `${plural(tools, 'tool')} stored from ${plural(namespaces.length, 'namespace')}: ${spent}`;
  return `${[
    ...wrap(heading, style.width).map((line) => style.bold(line)),
    ...namespaceTable(namespaces, style),
    ...errorLines(document, style),
  ].join('\n')}\n`;
};

const namespaceTable = (namespaces: readonly ScrapedNamespace[], style: Style): string[] => {
  if (namespaces.length === 0) return [];
  const [head = '', ...rows] = layOutColumns(
    [
      { heading: 'NAMESPACE', cells: namespaces.map(({ name }) => sanitizeForTerminal(name)), least: 12 },
      numbers(
        'TOOLS',
        namespaces.map((each) => String(each.tools)),
      ),
      {
        heading: 'NOTE',
        cells: namespaces.map(note),
        least: 20,
        paint: (padded) => style.warning(padded),
      },
    ],
    style.width,
    style.ellipsis,
  );
  return [style.dim(head), ...rows];
};

const note = ({ truncated, reason }: ScrapedNamespace): string => {
  const said = reason === null ? '' : sanitizeForTerminal(reason);
  if (!truncated) return said;
  return said === '' ? 'there is more than could be seen' : `cut short: ${said}`;
};

const errorLines = ({ errors }: ScrapeDocument, style: Style): string[] => {
  if (errors.length === 0) return [];
  const hidden = errors.length - ERRORS_LISTED;
  return [
    '',
    style.failure(`${plural(errors.length, 'error')}; what was known before stays:`),
    ...errors
      .slice(0, ERRORS_LISTED)
      .map(({ subject, code, message }) => `${subject}: ${code}: ${message}`)
      .flatMap((text) => wrap(sanitizeForTerminal(text), style.width - 2))
      .map((line) => `  ${line}`),
    ...(hidden > 0 ? [`  ${style.ellipsis} and ${hidden} more; --json lists all`] : []),
  ];
};
