import type { FailureGroup, FirstSeenGroup, Notice, NoticeFinding, NoticeGroup, Severity } from '@scanner/core';

import { endingInWords } from './acceptance-words.ts';
import { digestSections } from './digest-sections.ts';
import { entriesOf } from './finding-entries.ts';
import {
  causesInWords,
  containersInWords,
  coverageInWords,
  type CutList,
  filterInWords,
  foundInWords,
  inert,
  minute,
  namesInWords,
  plural,
  shortId,
  totalsInWords,
} from './notice-words.ts';
import { undeliveredSection } from './undelivered-section.ts';

/** What stands in a mail, in words, before it is text or HTML. Every string is one harmless line. */
export interface Page {
  readonly title: string;
  readonly introduction: readonly string[];
  readonly sections: readonly Section[];
  readonly end: readonly string[];
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** What was left out. */
  readonly more: string | null;
}

export interface Block {
  readonly title: string;
  readonly notes: readonly string[];
  readonly lists: readonly FindingList[];
}

export interface FindingList {
  readonly heading: string;
  /** Gone: good news. */
  readonly resolved: boolean;
  readonly entries: readonly Entry[];
  readonly more: string | null;
}

/** What one upgrade mends: advisories of the same packages, with the same versions and for the same cause. */
export interface Entry {
  /** The worst of its advisories. */
  readonly severity: Severity;
  readonly package: string;
  readonly versions: string;
  readonly advisories: readonly Advisory[];
  readonly details: readonly string[];
}

export interface Advisory {
  readonly severity: Severity;
  readonly vulnerability: string;
  readonly title: string | null;
  /** As the advisory gives it: not yet checked. */
  readonly url: string | null;
}

/** Where a notice comes from. */
export interface PageContext {
  /** What people call the host. */
  readonly host: string;
  /** Where the logs with the full list lie. */
  readonly logs: string;
}

/** How much of each list is shown. */
export interface PageLimits {
  readonly blocks: number;
  readonly findings: number;
  readonly names: number;
  /** References of a block. */
  readonly references: number;
}

/** Puts a notice into words. */
export const composePage = (notice: Notice, { host, logs }: PageContext, limits: PageLimits): Page => ({
  title: `${inert(host)}: ${totalsInWords(notice)}`,
  introduction: introduction(notice),
  sections: [
    undeliveredSection(notice, limits),
    section('Changes', notice.changes, limits, changeBlock),
    section('Accepted until soon', notice.ending ?? { items: [], total: 0 }, limits, endingBlock),
    section('First seen', notice.firstSeen, limits, (group, shown) => firstSeenBlock(group, shown, notice)),
    section('Failing', notice.failures, limits, failureBlock),
    recoverySection(notice, limits),
    section('Still not accepted', notice.repeated, limits, changeBlock),
    ...(notice.digest === undefined ? [] : digestSections(notice.digest, limits)),
  ].filter((found) => found !== null),
  end: [
    ...unusableBaselines(notice),
    ...notAccepted(notice),
    'What may stay as it is: gts baseline save REFERENCE accepts it',
    `Everything in full: scan-summary.log and the log of each image, in ${inert(logs)}`,
  ],
});

const introduction = ({ decidedAt, totals, filter, trivy, formerHostName }: Notice): readonly string[] => [
  ...(formerHostName === undefined ? [] : [`This host was called ${inert(formerHostName)} in the notice before`]),
  `Pass of ${minute(decidedAt)} over ${plural(totals.images, 'image')}, looking for ${filterInWords(filter)}`,
  ...(totals.worst === null ? [] : [`Worst: ${totals.worst}`]),
  ...(trivy === null ? [] : [trivyLine(trivy)]),
  ...(trivy?.db_stale === true
    ? ['The vulnerability database is too old: what was published since is missing, and nothing counts as resolved']
    : []),
];

const trivyLine = ({ version, db_updated_at: updated }: NonNullable<Notice['trivy']>): string =>
  `Trivy ${inert(version)}, vulnerability database of ${updated === null ? 'unknown age' : minute(updated)}`;

const section = <Item>(
  heading: string,
  { items, total }: CutList<Item>,
  limits: PageLimits,
  blockOf: (item: Item, limits: PageLimits) => Block,
): Section | null => {
  const blocks = items.slice(0, limits.blocks).map((item) => blockOf(item, limits));
  return total === 0 ? null : { heading, blocks, more: moreOf(total - blocks.length, 'more of these') };
};

const moreOf = (left: number, what: string): string | null => (left > 0 ? `and ${left} ${what}, see the logs` : null);

const changeBlock = (group: NoticeGroup, limits: PageLimits): Block => {
  const references = namesInWords(group.references, limits.references);
  return {
    title: group.images === undefined ? references : plural(group.images, 'image'),
    notes: [
      ...(group.images === undefined ? [] : [references]),
      containersInWords(group.containers, limits.names),
      ...(group.startedFrom === null || group.startedFrom === undefined
        ? []
        : [`${inert(group.startedFrom)} -> ${references}: goes on from what is known of it`]),
      ...(group.imageBefore === null ? [] : [`The image was updated: ${imagesOf(group)}`]),
    ],
    lists: [
      findingList('New', group.new, limits),
      findingList('Severity raised', group.severityRaised, limits),
      findingList('Resolved', group.resolved, limits, true),
      findingList('A fix is there now', group.fixAvailable, limits),
      findingList('Listed since a setting changed', group.joined, limits),
    ].filter((list) => list !== null),
  };
};

const imagesOf = ({ imageBefore, imageId }: NoticeGroup): string =>
  `${shortId(imageBefore ?? 'unknown')} -> ${shortId(imageId ?? 'unknown')}`;

const findingList = (
  heading: string,
  { items, total }: CutList<NoticeFinding>,
  { findings, names }: PageLimits,
  resolved = false,
): FindingList | null => {
  if (total === 0) return null;
  const shown = items.slice(0, findings);
  const common = commonCause(shown);
  return {
    heading: `${heading} (${total})${common === null ? '' : `, since ${common}`}`,
    resolved,
    entries: entriesOf(shown, { resolved, common, names }),
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

const endingBlock = (ending: Ending, { names }: PageLimits): Block => {
  const { vulnerability, package: name } = ending.finding;
  return {
    title: `${inert(vulnerability)} in ${inert(name ?? 'any package')}`,
    notes: [endingInWords(ending, names)],
    lists: [],
  };
};

const firstSeenBlock = (group: FirstSeenGroup, limits: PageLimits, notice: Notice): Block => {
  const coverage = coverageInWords(group.coverage);
  const found = foundInWords(group, notice);
  return {
    title: namesInWords(group.references, limits.names),
    notes: [
      ...(found === null ? [] : [found]),
      ...(coverage === null ? [] : [coverage]),
      ...(group.baselineOf === null ? [] : [`Starts from what is accepted for ${inert(group.baselineOf)}`]),
      containersInWords(group.containers, limits.names),
    ],
    lists: [],
  };
};

const failureBlock = ({ reason, references, everything, since, passes }: FailureGroup, limits: PageLimits): Block => ({
  title: everything ? 'Nothing can be scanned' : namesInWords(references, limits.names),
  notes: [
    `${reason.code}: ${inert(reason.message)}`,
    `Since ${minute(since)}, ${passes === 1 ? 'one pass' : `${passes} passes`} in a row`,
  ],
  lists: [],
});

const recoverySection = ({ recoveries, recovered }: Notice, limits: PageLimits): Section | null => {
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
  const names = recoveries.items.slice(0, limits.blocks).map((name) => ({ title: inert(name), notes: [], lists: [] }));
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

const notAccepted = ({ notAccepted: beside }: Notice): readonly string[] => {
  if (beside === null || beside.count === 0) return [];
  return [`${beside.count} more not accepted${beside.since === null ? '' : ` since ${minute(beside.since)}`}`];
};
