import { compareSeverity, type Severity } from '../model/severity.ts';
import { type ChangeGroup, groupChanges, repeatOf, worstOf } from './change-groups.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { DigestChange, DigestPeriod, DigestState } from './digest-state.ts';
import type { Digest, DigestChanges, NoticeCaps, NoticeFinding } from './notice.ts';
import { outstandingFindings } from './outstanding.ts';
import { isScanned, type Pass } from './pass.ts';
import { clip, clipFinding, cutList, shortenGroups, shortenNames } from './shorten.ts';

/** What a digest is made of. */
export interface DueDigest {
  readonly period: DigestPeriod;
  readonly state: DigestState;
  /** Each reference that is on the host. */
  readonly references: readonly Pick<ReferenceDecision, 'image' | 'state'>[];
}

/** What is open in each image, whole. */
export const openGroups = ({ references }: DueDigest, pass: Pass): ChangeGroup[] =>
  groupChanges(
    references.map((each) => repeatOf(each, outstandingFindings(each.state, pass).toSorted(worstFirst), [])),
  );

/** @param places how many open findings it lists */
export const composeDigest = (due: DueDigest, pass: Pass, caps: NoticeCaps, places: number): Digest => {
  const { period, state } = due;
  const groups = openGroups(due, pass);
  return {
    period,
    since: state.since,
    open: { ...countOpen(due, pass), worst: worstOpen(groups), groups: shortenGroups(groups, caps, places) },
    new: changesOf(state.new, state.unlisted.new, caps),
    resolved: changesOf(state.resolved, state.unlisted.resolved, caps),
    stay: stayOf(state),
    passes: state.passes,
    notJudged: namesOf(due, isNotJudged, caps),
    failing: namesOf(due, ({ image }) => image.outcome.status === 'failed', caps),
  };
};

const countOpen = ({ references }: DueDigest, pass: Pass): Pick<Digest['open'], 'findings' | 'advisories'> => {
  const findings = new Set<string>();
  const advisories = new Set<string>();
  for (const { image, state } of references)
    for (const { key, vulnerability } of outstandingFindings(state, pass)) {
      findings.add(`${image.id ?? state.reference}\n${key}`);
      advisories.add(vulnerability);
    }
  return { findings: findings.size, advisories: advisories.size };
};

const worstOpen = (groups: readonly ChangeGroup[]): Severity | null => {
  const [worst] = groups;
  return worst === undefined ? null : worstOf(worst);
};

const changesOf = (changes: readonly DigestChange[], unlisted: number, caps: NoticeCaps): DigestChanges => {
  const entries = Map.groupBy(changes, ({ finding }) => JSON.stringify(finding));
  const items = [...entries.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const references = [...new Set(same.map(({ reference }) => reference))].toSorted();
    return [
      {
        finding: clipFinding(findingOf(first), caps.text),
        references: shortenNames(references, caps.references, caps),
      },
    ];
  });
  return {
    findings: new Set(changes.map(({ image, finding }) => `${image}\n${finding.key}`)).size,
    advisories: new Set(changes.map(({ finding }) => finding.vulnerability)).size,
    unlisted,
    entries: cutList(
      items.toSorted((a, b) => worstFirst(a.finding, b.finding)),
      caps.groups,
    ),
  };
};

const findingOf = ({ finding }: DigestChange): NoticeFinding => ({
  ...finding,
  raisedFrom: null,
  url: null,
  causes: [],
});

type Rated = Pick<NoticeFinding, 'key' | 'severity'>;

const worstFirst = (a: Rated, b: Rated): number =>
  compareSeverity(b.severity ?? 'UNKNOWN', a.severity ?? 'UNKNOWN') || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const stayOf = ({ stays, countedSince }: DigestState): Digest['stay'] => {
  const days = stays.map((stay) => stay.days).toSorted((a, b) => a - b);
  const [lower, upper] = [days[Math.floor((days.length - 1) / 2)], days[Math.floor(days.length / 2)]];
  if (lower === undefined || upper === undefined) return null;
  return { medianDays: (lower + upper) / 2, findings: days.length, since: countedSince };
};

const isNotJudged = ({ image }: DueDigest['references'][number]): boolean =>
  isScanned(image) && image.outcome.coverage !== 'full';

const namesOf = (
  { references }: DueDigest,
  wanted: (reference: DueDigest['references'][number]) => boolean,
  caps: NoticeCaps,
): Digest['failing'] =>
  shortenNames(
    references
      .filter(wanted)
      .map(({ state }) => clip(state.reference, caps.text))
      .toSorted(),
    caps.groups,
    caps,
  );
