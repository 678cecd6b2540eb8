import { html, Markup } from '@scanner/core';

import { type AdvisoryLine, advisoryLines } from './advisory-lines.ts';
import type { Advisory, Block, Entry, FindingList, Page, Section } from './notice-page.ts';
import { secureAddress } from './secure-address.ts';

/** Decoration only: a reader that drops it still shows headings, lists and the severity as a word. */
const STYLE = new Markup(
  [
    'body{margin:0 auto;padding:16px;max-width:40em;font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}',
    'h1{font-size:20px;line-height:1.3;margin:0 0 8px}',
    'h2{font-size:17px;margin:28px 0 8px;padding-bottom:4px;border-bottom:2px solid #8888}',
    'h3{font-size:16px;margin:20px 0 4px}',
    'h4{font-size:14px;margin:12px 0 6px}',
    'p{margin:0 0 4px}',
    'ul{list-style:none;margin:0;padding:0}',
    'li{margin:0 0 10px;padding:0 0 0 10px;border-left:4px solid #888}',
    '.critical{border-color:#c2185b}.high{border-color:#d84315}.medium{border-color:#f9a825}.low{border-color:#1976d2}',
    '.resolved li{border-color:#2e7d32}',
    'hr{margin:28px 0 12px;border:0;border-top:2px solid #8888}',
    '.soft{font-size:14px;opacity:.8}',
  ].join(''),
);

/** The page as HTML that loads nothing: no images, no scripts, links to advisories by https only. */
export const renderHtml = ({ title, introduction, sections, end }: Page): string =>
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
        ${paragraphs(end)}
      </body>
    </html> `.text;

const paragraphs = (lines: readonly string[]): readonly Markup[] =>
  lines.map((line) => html`<p class="soft">${line}</p> `);

const sectionHtml = ({ heading, blocks, more }: Section): Markup =>
  html`<h2>${heading}</h2>
    ${blocks.map(blockHtml)}${moreHtml(more)}`;

const blockHtml = ({ title, notes, lists }: Block): Markup =>
  html`<h3>${title}</h3>
    ${paragraphs(notes)}${lists.map(listHtml)}`;

const listHtml = ({ heading, resolved, entries, more }: FindingList): Markup =>
  html`<h4>${heading}</h4>
    <ul class="${resolved ? 'resolved' : 'open'}">
      ${entries.map(entryHtml)}
    </ul>
    ${moreHtml(more)}`;

const entryHtml = (entry: Entry): Markup =>
  html`<li class="${entry.severity.toLowerCase()}">
    <b>${entry.severity}</b> ${headHtml(entry)}${entry.details.map((detail) => html`<br />${detail}`)}
  </li> `;

const headHtml = ({ package: name, versions, advisories }: Entry): Markup => {
  const [only, ...others] = advisories;
  if (only === undefined || others.length > 0)
    return html`<b>${name}</b> ${versions}: ${advisories.length}${advisoryLines(advisories).map(advisoryLineHtml)}`;
  return html`${linked(only)} in <b>${name}</b>${titleHtml(only)}<br />${versions}`;
};

const titleHtml = ({ title }: Advisory): Markup | null => (title === null ? null : html`<br />${title}`);

const advisoryLineHtml = ({ severity, advisories }: AdvisoryLine): Markup => {
  const [only, ...others] = advisories;
  const title = only === undefined || others.length > 0 || only.title === null ? '' : ` ${only.title}`;
  const ids = advisories.map((advisory, index) => html`${index === 0 ? '' : ', '}${linked(advisory)}`);
  return html`<br />${severity === null ? '' : `${severity} `}${ids}${title}`;
};

const linked = ({ vulnerability, url }: Advisory): Markup => {
  const address = secureAddress(url);
  return address === null ? html`${vulnerability}` : html`<a href="${address}">${vulnerability}</a>`;
};

const moreHtml = (more: string | null): Markup | null => (more === null ? null : html`<p class="soft">${more}</p> `);
