import type { Advisory, Block, Entry, FindingList, Hint, Page, Section } from './page.ts';
import { besideLabel, wrapLine } from './wrap-lines.ts';

/** The page for plain readers: short lines of ASCII marks, no tables. A line that goes on in the next is indented there. */
export const renderText = ({ title, introduction, sections, hints, end }: Page): string =>
  `${[
    [title, ...introduction].map(paragraph).join('\n'),
    ...sections.map(sectionText),
    ['--', ...hints.map(hintText), ...end.map(paragraph)].join('\n'),
  ].join('\n\n')}\n`;

const paragraph = (line: string): string => wrapLine(line, { first: '', rest: '  ' });

const sectionText = ({ heading, blocks, more }: Section): string =>
  [
    `${heading.toUpperCase()}\n${'-'.repeat(heading.length)}`,
    ...blocks.map(blockText),
    ...(more === null ? [] : [more]),
  ].join('\n\n');

const blockText = ({ title, notes, lists }: Block): string =>
  [
    wrapLine(title, { first: '', rest: '    ' }),
    ...notes.map((note) => wrapLine(note, { first: '  ', rest: '    ' })),
    ...lists.map(listText),
  ].join('\n');

const listText = ({ heading, cause, entries, more }: FindingList): string =>
  [
    '',
    wrapLine(cause === null ? heading : `${heading}, ${cause}`, { first: '  ', rest: '    ' }),
    ...entries.map(entryText),
    ...(more === null ? [] : [`  ${more}`]),
  ].join('\n');

const entryText = (entry: Entry): string => {
  const [only, ...others] = entry.advisories;
  return (only !== undefined && others.length === 0 ? singleLines(entry, only) : upgradeLines(entry)).join('\n');
};

const INDENTS = { first: '    ', rest: '    ' };

const headLine = (text: string): string => wrapLine(text, { first: '  * ', rest: '    ' });

const detailLine = (text: string): string => wrapLine(text, { first: '    ', rest: '      ' });

const singleLines = (
  { severity, package: name, versions, details }: Entry,
  { vulnerability, title, address }: Advisory,
): string[] => [
  headLine(`${severity} ${vulnerability} in ${name}`),
  ...[title, versions, ...details, address].filter((line) => line !== null).map(detailLine),
];

const upgradeLines = ({ severity, package: name, versions, advisories, details, isDense }: Entry): string[] => {
  const label = labelsOf(advisories);
  return [
    headLine(`${severity} ${name} ${versions}: ${advisories.length} advisories`),
    ...details.map(detailLine),
    ...advisories.map((advisory) => {
      const { title, address } = advisory;
      return besideLabel(
        label(advisory),
        [isDense ? null : title, address].filter((text) => text !== null),
        INDENTS,
      );
    }),
  ];
};

/** Severity and ID in columns. */
const labelsOf = (advisories: readonly Advisory[]): ((advisory: Advisory) => string) => {
  const severities = widest(advisories.map(({ severity }) => severity ?? ''));
  const ids = widest(advisories.map(({ vulnerability }) => vulnerability));
  return ({ severity, vulnerability }) =>
    `${severity === null ? '' : `${severity.padEnd(severities)} `}${vulnerability.padEnd(ids)}  `;
};

const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));

const hintText = ({ text, command }: Hint): string => `${text}\n  ${command}`;
