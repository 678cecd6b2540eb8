import type { MailContent, Notice } from '@scanner/core';

import { composePage } from './notice-page.ts';
import { inert, totalsInWords } from './notice-words.ts';
import type { Page, PageContext, PageLimits } from './page.ts';
import { renderHtml } from './page-html.ts';
import { renderText } from './page-text.ts';
import { transferSize } from './transfer-size.ts';

export interface RenderOptions extends PageContext {
  /** What the subject starts with; may be empty. */
  readonly subjectPrefix: string;
}

/** Bytes of both parts as they travel; with headers and fifty recipients a mail stays below 100 KB. */
const MOST_BYTES = 80_000;

/** More never fit, so that it need not be tried. */
const MOST_ENTRIES = 400;

const NUMBERS_ONLY: PageLimits = { blocks: 0, findings: 0, names: 0, references: 0, containers: 0, titles: 0 };

/** From everything that a notice has to ever less. */
const LIMITS: readonly PageLimits[] = [
  { blocks: 100, findings: 200, names: 10, references: 400, containers: 100, titles: 200 },
  { blocks: 100, findings: 200, names: 10, references: 400, containers: 100, titles: 5 },
  { blocks: 40, findings: 50, names: 8, references: 200, containers: 40, titles: 5 },
  { blocks: 40, findings: 20, names: 5, references: 100, containers: 20, titles: 5 },
  { blocks: 30, findings: 10, names: 4, references: 40, containers: 10, titles: 5 },
  { blocks: 20, findings: 5, names: 3, references: 10, containers: 5, titles: 5 },
  { blocks: 10, findings: 2, names: 2, references: 2, containers: 2, titles: 2 },
  { blocks: 2, findings: 1, names: 1, references: 1, containers: 1, titles: 1 },
];

/**
 * A notice as a mail: a subject without any name from an image, text that a terminal can show, HTML that loads nothing.
 * What comes from an image is text in all three, and harmless. Of a long notice the mail shows a part and names the
 * logs.
 *
 * @example
 * const { subject, text, html } = renderNotice(notice, {
 *   host: 'web1',
 *   logs: '/srv/security/logs',
 *   directory: '/srv/security',
 *   timeZone: 'Europe/Berlin',
 *   subjectPrefix: '[image-scanner]',
 * });
 */
export const renderNotice = (notice: Notice, options: RenderOptions): MailContent => {
  const fitting = LIMITS.values()
    .filter((limits) => entriesShown(notice, limits) <= MOST_ENTRIES)
    .map((limits) => renderParts(composePage(notice, { ...options, ...limits })))
    .find(({ text, html }) => transferSize(text) + transferSize(html) <= MOST_BYTES);
  return {
    subject: renderSubject(notice, options),
    ...(fitting ?? renderParts(composePage(notice, { ...options, ...NUMBERS_ONLY }))),
  };
};

const entriesShown = ({ changes, repeated, digest }: Notice, { blocks, findings }: PageLimits): number =>
  [changes.items, repeated.items, digest?.open.groups.items ?? []]
    .flatMap((groups) => groups.slice(0, blocks))
    .flatMap((group) => [group.new, group.resolved, group.severityRaised, group.fixAvailable, group.joined])
    .reduce((sum, { items }) => sum + Math.min(items.length, findings), 0);

const renderParts = (page: Page): Omit<MailContent, 'subject'> => ({ text: renderText(page), html: renderHtml(page) });

const renderSubject = (notice: Notice, { subjectPrefix, host }: RenderOptions): string => {
  const { worst } = notice.totals;
  const about = `${inert(host)}: ${totalsInWords(notice)}${worst === null ? '' : `, worst ${worst}`}`;
  return subjectPrefix === '' ? about : `${inert(subjectPrefix)} ${about}`;
};
