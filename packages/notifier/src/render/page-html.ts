import { html, Markup, type Severity } from '@scanner/core';

import type { Advisory, Block, Entry, FindingList, Hint, Page, Section } from './page.ts';

/** Decoration only: a reader that drops it still shows headings, lists and the severity as a word. */
const STYLE = new Markup(
  [
    'body{margin:0 auto;padding:16px;max-width:42em;font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}',
    'h1{font-size:20px;line-height:1.3;margin:0 0 8px}',
    'h2{font-size:18px;margin:32px 0 0;padding-bottom:4px;border-bottom:1px solid #8888}',
    'h3{font-size:16px;line-height:1.4;margin:20px 0 4px}',
    'h4{font-size:14px;margin:16px 0 8px}h4 span{font-weight:400}',
    'p{margin:0 0 4px}',
    'ul{list-style:none;margin:0;padding:0}',
    'li{margin:0 0 12px;padding-left:12px;border-left:3px solid #888}',
    'li li{margin:4px 0;padding:0;border:0}',
    'i{font-style:normal;font-size:12px;font-weight:700;border:1px solid;border-radius:3px;padding:1px 5px;margin-right:4px}',
    '.critical{border-color:#c2185b}.high{border-color:#d84315}.medium{border-color:#b27700}.low{border-color:#1976d2}',
    '.resolved>li{border-color:#2e7d32}',
    'code{display:block;margin:0 0 12px;padding:8px;border:1px solid #8888;border-radius:3px;font-size:13px}',
    'hr{margin:32px 0 16px;border:0;border-top:1px solid #8888}',
    '.soft{font-size:14px;opacity:.8}',
  ].join(''),
);

/** The page as HTML that loads nothing: no images, no scripts, links to advisories by https only. */
export const renderHtml = (page: Page): string => withoutIndents(documentOf(page).text);

/** The indents are those of this file: no text from outside has a line break. */
const withoutIndents = (text: string): string => text.replaceAll(/\n\s+/g, '\n');

const documentOf = ({ title, introduction, sections, hints, end }: Page): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${paragraphs(introduction)}${sections.map(sectionHtml)}
        <hr />
        ${hints.map(hintHtml)}${paragraphs(end)}
      </body>
    </html> `;

const paragraphs = (lines: readonly string[]): readonly Markup[] =>
  lines.map((line) => html`<p class="soft">${line}</p> `);

const sectionHtml = ({ heading, blocks, more }: Section): Markup =>
  html`<h2>${heading}</h2>
    ${blocks.map(blockHtml)}${moreHtml(more)}`;

const blockHtml = ({ title, notes, lists }: Block): Markup =>
  html`<h3>${title}</h3>
    ${paragraphs(notes)}${lists.map(listHtml)}`;

const listHtml = ({ heading, cause, resolved, entries, more }: FindingList): Markup =>
  html`<h4>${heading}${cause === null ? null : html`, <span>${cause}</span>`}</h4>
    <ul class="${resolved ? 'resolved' : 'open'}">
      ${entries.map(entryHtml)}
    </ul>
    ${moreHtml(more)}`;

const entryHtml = (entry: Entry): Markup => {
  const [only, ...others] = entry.advisories;
  return html`<li class="${entry.severity.toLowerCase()}">
    ${only !== undefined && others.length === 0 ? singleHtml(entry, only) : upgradeHtml(entry)}
  </li> `;
};

const severityHtml = (severity: Severity): Markup => html`<i>${severity}</i> `;

const singleHtml = ({ severity, package: name, versions, details }: Entry, advisory: Advisory): Markup =>
  html`${severityHtml(severity)}${linked(advisory)} in
    <b>${name}</b>${beneath(advisory.title)}<br />${versions}${detailsHtml(details)}`;

const upgradeHtml = ({ severity, package: name, versions, details, advisories, isDense }: Entry): Markup =>
  html`${severityHtml(severity)}<b>${name}</b> ${versions}: ${advisories.length}
    advisories${detailsHtml(details)}${isDense ? denseHtml(advisories) : titledHtml(advisories)}`;

const detailsHtml = (details: readonly string[]): readonly Markup[] =>
  details.map((detail) => html`<br /><span class="soft">${detail}</span>`);

const beneath = (text: string | null): Markup | null => (text === null ? null : html`<br />${text}`);

const titledHtml = (advisories: readonly Advisory[]): Markup =>
  html`<ul>
    ${advisories.map((advisory) => html`<li>${sideHtml(advisory)}${beneath(advisory.title)}</li> `)}
  </ul>`;

const denseHtml = (advisories: readonly Advisory[]): Markup =>
  html`<br />${advisories.map((advisory, index) => html`${index === 0 ? '' : ', '}${sideHtml(advisory)}`)}`;

const sideHtml = (advisory: Advisory): Markup =>
  html`${linked(advisory)}${advisory.severity === null ? '' : ` ${advisory.severity}`}`;

const linked = ({ vulnerability, address }: Advisory): Markup =>
  address === null ? html`${vulnerability}` : html`<a href="${address}">${vulnerability}</a>`;

const hintHtml = ({ text, command }: Hint): Markup =>
  html`<p class="soft">${text}</p>
    <code>${command}</code> `;

const moreHtml = (more: string | null): Markup | null => (more === null ? null : html`<p class="soft">${more}</p> `);
