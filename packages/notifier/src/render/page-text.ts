import { secureAddress } from './secure-address.ts';
import type { Block, Entry, FindingList, Page, Section } from './notice-page.ts';

/** The page for plain readers: short lines of ASCII marks, no tables. */
export const renderText = ({ title, introduction, sections, end }: Page): string =>
  [[title, ...introduction].join('\n'), ...sections.map(sectionText), ['--', ...end].join('\n')].join('\n\n') + '\n';

const sectionText = ({ heading, blocks, more }: Section): string =>
  [
    `${heading.toUpperCase()}\n${'-'.repeat(heading.length)}`,
    ...blocks.map(blockText),
    ...(more === null ? [] : [more]),
  ].join('\n\n');

const blockText = ({ title, notes, lists }: Block): string =>
  [title, ...notes.map((note) => `  ${note}`), ...lists.map(listText)].join('\n');

const listText = ({ heading, entries, more }: FindingList): string =>
  ['', `  ${heading}`, ...entries.map(entryText), ...(more === null ? [] : [`  ${more}`])].join('\n');

const entryText = ({ severity, vulnerability, package: name, details, url }: Entry): string => {
  const address = secureAddress(url);
  return [
    `  * ${severity} ${vulnerability} in ${name}`,
    ...details.map((detail) => `    ${detail}`),
    ...(address === null ? [] : [`    ${address}`]),
  ].join('\n');
};
