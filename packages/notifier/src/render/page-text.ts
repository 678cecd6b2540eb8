import { type AdvisoryLine, advisoryLines } from './advisory-lines.ts';
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

const entryText = (entry: Entry): string =>
  [...headText(entry), ...entry.details.map((detail) => `    ${detail}`), ...addressText(entry)].join('\n');

const headText = ({ severity, package: name, versions, advisories }: Entry): string[] => {
  const [only, ...others] = advisories;
  if (only === undefined || others.length > 0)
    return [
      `  * ${severity} ${name} ${versions}: ${advisories.length}`,
      ...advisoryLines(advisories).map(advisoryLineText),
    ];
  return [
    `  * ${severity} ${only.vulnerability} in ${name}`,
    ...(only.title === null ? [] : [`    ${only.title}`]),
    `    ${versions}`,
  ];
};

const advisoryLineText = ({ severity, advisories }: AdvisoryLine): string => {
  const [only, ...others] = advisories;
  const title = only === undefined || others.length > 0 || only.title === null ? '' : `: ${only.title}`;
  const ids = advisories.map(({ vulnerability }) => vulnerability).join(', ');
  return `    ${severity === null ? '' : `${severity} `}${ids}${title}`;
};

/** Of several the IDs lead there; an address for each would bury them. */
const addressText = ({ advisories }: Entry): string[] => {
  const [only, ...others] = advisories;
  const address = only === undefined || others.length > 0 ? null : secureAddress(only.url);
  return address === null ? [] : [`    ${address}`];
};
