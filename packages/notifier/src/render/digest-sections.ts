import { changeInWords, type Digest, momentInWords, type NoticeFinding, type NoticeGroup } from '@scanner/core';

import { entriesOf } from './finding-entries.ts';
import type { Block, PageOptions, Section } from './page.ts';
import {
  containersInWords,
  type CutList,
  fixInWords,
  inert,
  namesInWords,
  plural,
  versionInWords,
} from './notice-words.ts';

type Changes = Digest['new'];
type Change = Changes['entries']['items'][number];

/** A digest as sections of a mail: how the host stands, then what is open, new and resolved. */
export const digestSections = (digest: Digest, options: PageOptions): Section[] =>
  [
    standing(digest, options),
    section('Open', digest.open.groups, options, openBlock),
    changeSection('New since the last digest', digest.new, options, fixInWords),
    changeSection('Resolved since the last digest', digest.resolved, options, versionInWords),
  ].filter((found) => found !== null);

const standing = (digest: Digest, { names, timeZone }: PageOptions): Section => {
  const { period, since, open, new: found, resolved, stay, passes, notJudged, failing } = digest;
  const { made, complete, lastComplete } = passes;
  return {
    heading: period === 'weekly' ? 'Weekly digest' : 'Monthly digest',
    blocks: [
      {
        title: `Since ${momentInWords(since, timeZone)}`,
        notes: [
          changeInWords('open', open.findings, open.advisories),
          changeInWords('new', found.findings, found.advisories),
          changeInWords('resolved', resolved.findings, resolved.advisories),
          ...(stay === null ? [] : [stayInWords(stay, timeZone)]),
          `${made === 1 ? '1 pass' : `${made} passes`}, ${complete} of them without a failing image`,
          lastComplete === null
            ? 'No pass without a failing image yet'
            : `Last pass without a failing image: ${momentInWords(lastComplete, timeZone)}`,
          ...named('Not judged, or only a part', notJudged, names),
          ...named('Not scanned in this pass', failing, names),
        ],
        lists: [],
      },
    ],
    more: null,
  };
};

/** `Resolved after 12 days: the median of 34 findings since 2026-11-01 03:00 UTC` */
const stayInWords = ({ medianDays, findings, since }: NonNullable<Digest['stay']>, timeZone: string): string => {
  const days = medianDays < 1 ? 'less than a day' : plural(Math.round(medianDays), 'day');
  return `Resolved after ${days}: the median of ${plural(findings, 'finding')} since ${momentInWords(since, timeZone)}`;
};

const named = (what: string, references: CutList<string>, names: number): string[] =>
  references.total === 0 ? [] : [`${what}: ${namesInWords(references, names)}`];

const section = <Item>(
  heading: string,
  { items, total }: CutList<Item>,
  options: PageOptions,
  blockOf: (item: Item, options: PageOptions) => Block,
  unlisted = 0,
): Section | null => {
  if (total + unlisted === 0) return null;
  const blocks = items.slice(0, options.blocks).map((item) => blockOf(item, options));
  const left = total - blocks.length + unlisted;
  return { heading, blocks, more: left > 0 ? `and ${left} more, see the logs` : null };
};

const openBlock = (group: NoticeGroup, { findings, names, references: most, titles, timeZone }: PageOptions): Block => {
  const { items, total } = group.new;
  const shown = items.slice(0, findings);
  const references = namesInWords(group.references, most);
  return {
    title: group.images === undefined ? references : plural(group.images, 'image'),
    notes: [
      ...(group.images === undefined ? [] : [references]),
      ...(group.containers === null ? [] : [containersInWords(group.containers, names)]),
    ],
    lists: [
      {
        heading: `Open (${total})`,
        cause: null,
        resolved: false,
        entries: entriesOf(shown, { resolved: false, common: null, names, titles, timeZone }),
        more: total > shown.length ? `and ${total - shown.length} more, see the logs` : null,
      },
    ],
  };
};

/** @param versionsOf what there is to say of the versions of a finding */
const changeSection = (
  heading: string,
  { entries, unlisted }: Changes,
  options: PageOptions,
  versionsOf: (finding: NoticeFinding) => string,
): Section | null => {
  const blockOf = ({ finding, references }: Change): Block => ({
    title: `${finding.severity ?? 'UNKNOWN'} ${inert(finding.vulnerability)} in ${inert(finding.package ?? 'any package')}`,
    notes: [...titleOf(finding), versionsOf(finding), namesInWords(references, options.names)],
    lists: [],
  });
  return section(heading, entries, options, blockOf, unlisted);
};

const titleOf = ({ title }: NoticeFinding): string[] =>
  title === null || title === undefined || title === '' ? [] : [inert(title)];
