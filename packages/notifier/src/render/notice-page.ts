import {
  type FailureGroup,
  type FirstSeenGroup,
  momentInWords,
  type Notice,
  type NoticeFinding,
  type NoticeGroup,
} from '@scanner/core';

import { endingInWords } from './acceptance-words.ts';
import { digestSections } from './digest-sections.ts';
import { entriesOf } from './finding-entries.ts';
import { hintsOf } from './hints.ts';
import {
  causesInWords,
  containersInWords,
  coverageInWords,
  type CutList,
  filterInWords,
  foundInWords,
  inert,
  namesInWords,
  plural,
  shortId,
  totalsInWords,
} from './notice-words.ts';
import type { Block, FindingList, Page, PageOptions, Section } from './page.ts';
import { undeliveredSection } from './undelivered-section.ts';

/** Puts a notice into words. */
export const composePage = (notice: Notice, options: PageOptions): Page => ({
  title: `${inert(options.host)}: ${totalsInWords(notice)}`,
  introduction: introduction(notice, options),
  sections: [
    undeliveredSection(notice, options),
    section('Changes', notice.changes, options, changeBlock),
    section('Acceptance ends soon', notice.ending ?? { items: [], total: 0 }, options, endingBlock),
    section('First seen', notice.firstSeen, options, (group, shown) => firstSeenBlock(group, shown, notice)),
    section('Failing', notice.failures, options, failureBlock),
    recoverySection(notice, options),
    section('Reminder: not accepted yet', notice.repeated, options, changeBlock),
    ...(notice.digest === undefined ? [] : digestSections(notice.digest, options)),
  ].filter((found) => found !== null),
  hints: hintsOf(notice, options.directory),
  end: [
    ...unusableBaselines(notice),
    ...notAccepted(notice, options),
    `Full lists: scan-summary.log and the log of each image, in ${inert(options.logs)}`,
  ],
});

const introduction = (
  { decidedAt, totals, filter, trivy, formerHostName }: Notice,
  { timeZone }: PageOptions,
): readonly string[] => [
  ...(formerHostName === undefined ? [] : [`This host was called ${inert(formerHostName)} in the notice before`]),
  ...(totals.worst === null ? [] : [`Worst: ${totals.worst}`]),
  `Pass of ${momentInWords(decidedAt, timeZone)} over ${plural(totals.images, 'image')}, looking for ${filterInWords(filter)}`,
  ...(trivy === null ? [] : [trivyLine(trivy, timeZone)]),
  ...(trivy?.db_stale === true
    ? ['The vulnerability database is too old: what was published since is missing, and nothing counts as resolved']
    : []),
];

const trivyLine = ({ version, db_updated_at: updated }: NonNullable<Notice['trivy']>, timeZone: string): string =>
  `Trivy ${inert(version)}, vulnerability database of ${updated === null ? 'unknown age' : momentInWords(updated, timeZone)}`;

const section = <Item>(
  heading: string,
  { items, total }: CutList<Item>,
  options: PageOptions,
  blockOf: (item: Item, options: PageOptions) => Block,
): Section | null => {
  const blocks = items.slice(0, options.blocks).map((item) => blockOf(item, options));
  return total === 0 ? null : { heading, blocks, more: moreOf(total - blocks.length, 'more of these') };
};

const moreOf = (left: number, what: string): string | null => (left > 0 ? `and ${left} ${what}, see the logs` : null);

const changeBlock = (group: NoticeGroup, options: PageOptions): Block => {
  const references = namesInWords(group.references, options.references);
  return {
    title: group.images === undefined ? references : plural(group.images, 'image'),
    notes: [
      ...(group.images === undefined ? [] : [references]),
      containersInWords(group.containers, options.containers),
      ...startedFromInWords(group, references),
      ...(group.imageBefore === null ? [] : [`The image was updated: ${imagesOf(group)}`]),
    ],
    lists: [
      findingList('New', group.new, options),
      findingList('Severity raised', group.severityRaised, options),
      findingList('Resolved', group.resolved, options, true),
      findingList('Fix now available', group.fixAvailable, options),
      findingList('Listed because a setting changed', group.joined, options),
    ].filter((list) => list !== null),
  };
};

const startedFromInWords = ({ startedFrom, imageBefore, changed }: NoticeGroup, references: string): string[] => {
  if (startedFrom === null || startedFrom === undefined) return [];
  if (imageBefore === null || changed === undefined) return [`Goes on from what is known of ${inert(startedFrom)}`];
  const counts = [
    ...(changed.new > 0 ? [`${changed.new} new`] : []),
    ...(changed.severityRaised > 0 ? [`${changed.severityRaised} raised`] : []),
    ...(changed.resolved > 0 ? [`${changed.resolved} resolved`] : []),
  ];
  return [`${inert(startedFrom)} -> ${references}: ${counts.length === 0 ? 'nothing changed' : counts.join(', ')}`];
};

const imagesOf = ({ imageBefore, imageId }: NoticeGroup): string =>
  `${shortId(imageBefore ?? 'unknown')} -> ${shortId(imageId ?? 'unknown')}`;

const findingList = (
  heading: string,
  { items, total }: CutList<NoticeFinding>,
  { findings, names, titles, timeZone }: PageOptions,
  resolved = false,
): FindingList | null => {
  if (total === 0) return null;
  const shown = items.slice(0, findings);
  const common = commonCause(shown);
  return {
    heading: `${heading} (${total})`,
    cause: common === null ? null : `because ${common}`,
    resolved,
    entries: entriesOf(shown, { resolved, common, names, titles, timeZone }),
    more: moreOf(total - shown.length, 'more'),
  };
};

/** What explains all of them alike, so that it need not stand beside each. */
const commonCause = (findings: readonly NoticeFinding[]): string | null => {
  const causes = new Set(findings.map((finding) => causesInWords(finding.causes)));
  const [cause = null] = causes;
  return causes.size === 1 ? cause : null;
};

type Ending = NonNullable<Notice['ending']>['items'][number];

const endingBlock = (ending: Ending, options: PageOptions): Block => {
  const { vulnerability, package: name, title } = ending.finding;
  return {
    title: `${inert(vulnerability)} in ${inert(name ?? 'any package')}`,
    notes: [
      ...(title === null || title === undefined || title === '' ? [] : [inert(title)]),
      endingInWords(ending, options),
    ],
    lists: [],
  };
};

const firstSeenBlock = (group: FirstSeenGroup, options: PageOptions, notice: Notice): Block => {
  const coverage = coverageInWords(group.coverage);
  const found = foundInWords(group, notice);
  return {
    title: namesInWords(group.references, options.names),
    notes: [
      ...(found === null ? [] : [found]),
      ...(coverage === null ? [] : [coverage]),
      ...(group.baselineOf === null ? [] : [`Starts from what is accepted for ${inert(group.baselineOf)}`]),
      containersInWords(group.containers, options.containers),
    ],
    lists: [],
  };
};

const failureBlock = (
  { reason, references, everything, since, passes }: FailureGroup,
  options: PageOptions,
): Block => ({
  title: everything ? 'Nothing can be scanned' : namesInWords(references, options.names),
  notes: [
    `${reason.code}: ${inert(reason.message)}`,
    `Since ${momentInWords(since, options.timeZone)}, ${passes === 1 ? 'one pass' : `${passes} passes`} in a row`,
  ],
  lists: [],
});

const recoverySection = ({ recoveries, recovered }: Notice, options: PageOptions): Section | null => {
  if (recoveries.total === 0 && recovered === null) return null;
  const back =
    recovered === null
      ? []
      : [
          {
            title: 'Scanning works again',
            notes: [`It was ${recovered.code}: ${inert(recovered.message)}`],
            lists: [],
          },
        ];
  const names = recoveries.items.slice(0, options.blocks).map((name) => ({ title: inert(name), notes: [], lists: [] }));
  return {
    heading: 'Scanned again',
    blocks: [...back, ...names],
    more: moreOf(recoveries.total - names.length, 'more of these'),
  };
};

const unusableBaselines = ({ unusableBaselines: files }: Notice): readonly string[] => [
  ...(files?.items ?? []).map(({ file, problem }) => `A baseline cannot be used: ${inert(file)} ${inert(problem)}`),
  ...(files !== undefined && files.total > files.items.length
    ? [`and ${files.total - files.items.length} more that cannot be used`]
    : []),
];

const notAccepted = ({ notAccepted: beside }: Notice, { timeZone }: PageOptions): readonly string[] => {
  if (beside === null || beside.count === 0) return [];
  return [
    `${beside.count} more not accepted${beside.since === null ? '' : ` since ${momentInWords(beside.since, timeZone)}`}`,
  ];
};
