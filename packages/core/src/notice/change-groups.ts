import { createHash } from 'node:crypto';

import type { Acceptances } from '../baseline/acceptances.ts';
import { anyPackageKey, type KnownFinding } from '../comparison/known-finding.ts';
import type { Finding } from '../model/finding.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import { saidOf } from './ending-acceptances.ts';
import type { NoticeFinding } from './notice.ts';
import type { PassImage } from './pass.ts';

export const GROUP_LISTS = ['new', 'severityRaised', 'resolved', 'fixAvailable', 'joined'] as const;
export type GroupList = (typeof GROUP_LISTS)[number];

/** References of one image with the same to be told, not shortened yet. */
export interface ChangeGroup {
  readonly image: PassImage;
  readonly references: readonly string[];
  readonly imageBefore: string | null;
  /** The reference whose known findings they go on from. */
  readonly startedFrom: string | null;
  readonly lists: Readonly<Record<GroupList, readonly NoticeFinding[]>>;
}

type ReferenceChange = Omit<ChangeGroup, 'references'> & { readonly reference: string };

/** What is told of one reference: what changed now, and what waited for a notice. */
export const changeOf = ({ image, state, changes, acceptances }: ReferenceDecision): ReferenceChange => {
  const known = new Map(state.known.map((finding) => [finding.key, finding]));
  const named = (keys: readonly string[]): NoticeFinding[] =>
    keys.flatMap((key) => known.get(key) ?? []).map((finding) => noticeFinding(finding));
  const told = new Set(changes.new.map(({ finding }) => finding.key));
  return {
    image,
    reference: state.reference,
    imageBefore: state.untold.imageBefore,
    startedFrom: state.untold.startedFrom,
    lists: {
      new: changes.new.map(({ finding, raisedFrom, causes }) => ({
        ...noticeFinding(finding),
        raisedFrom,
        ...(causes.includes('acceptance_expired') && {
          acceptance: endedAcceptance(known.get(finding.key), acceptances),
        }),
        causes: [...causes],
      })),
      severityRaised: changes.severityRaised.map(({ finding, from, causes }) => ({
        ...noticeFinding(finding),
        raisedFrom: from,
        causes: [...causes],
      })),
      resolved: changes.resolved.map(({ finding, causes }) => ({ ...noticeFinding(finding), causes: [...causes] })),
      fixAvailable: named(state.untold.fixAvailable.filter((key) => !told.has(key))),
      joined: named(state.untold.joined.filter((key) => !told.has(key))),
    },
  };
};

const endedAcceptance = (known: KnownFinding | undefined, acceptances: Acceptances): NoticeFinding['acceptance'] => {
  const terms = known === undefined ? null : saidOf(known, acceptances).terms;
  if (terms === null) return null;
  const { reason, owner, since, expires, untilFix } = terms;
  return { reason, owner, since, expires, untilFix };
};

/** What is told again of one reference: what is not accepted, and with `resolved` what only a baseline still accepts. */
export const repeatOf = (
  { image, state }: ReferenceDecision,
  outstanding: readonly KnownFinding[],
  resolved: readonly KnownFinding[],
): ReferenceChange => ({
  image,
  reference: state.reference,
  imageBefore: null,
  startedFrom: null,
  lists: {
    new: outstanding.map(noticeFinding),
    severityRaised: [],
    resolved: resolved.map(noticeFinding),
    fixAvailable: [],
    joined: [],
  },
});

/** By image, references with the same to be told together; the worst first. */
export const groupChanges = (changes: readonly ReferenceChange[]): ChangeGroup[] => {
  const worthTelling = changes.filter(
    ({ imageBefore, startedFrom, lists }) =>
      imageBefore !== null || startedFrom !== null || GROUP_LISTS.some((list) => lists[list].length > 0),
  );
  const groups = Map.groupBy(worthTelling, signature);
  return [...groups.values()]
    .flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [{ ...first, references: [first, ...others].map(({ reference }) => reference).toSorted() }],
    )
    .toSorted(worstFirst);
};

const signature = ({ image, imageBefore, startedFrom, lists }: ReferenceChange): string => {
  const hash = createHash('sha256').update(JSON.stringify([image.id ?? image.references, imageBefore, startedFrom]));
  for (const list of GROUP_LISTS) {
    hash.update(`\n\n${list}`);
    for (const { key, raisedFrom } of lists[list].toSorted(byKey)) hash.update(`\n${key} ${raisedFrom}`);
  }
  return hash.digest('hex');
};

const byKey = (a: NoticeFinding, b: NoticeFinding): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const worstFirst = (a: ChangeGroup, b: ChangeGroup): number =>
  compareSeverity(worstOf(b) ?? 'UNKNOWN', worstOf(a) ?? 'UNKNOWN') ||
  b.lists.new.length - a.lists.new.length ||
  ((a.references[0] ?? '') < (b.references[0] ?? '') ? -1 : 1);

/** Of what needs somebody: what is new or got worse. */
export const worstOf = ({ lists }: Pick<ChangeGroup, 'lists'>): Severity | null =>
  [...lists.new, ...lists.severityRaised]
    .map(({ severity }) => severity)
    .reduce<Severity | null>(
      (worst, severity) =>
        severity !== null && (worst === null || compareSeverity(severity, worst) > 0) ? severity : worst,
      null,
    );

/** A finding as a notice names it. */
export const noticeFinding = (finding: Finding | KnownFinding): NoticeFinding => ({
  key: finding.key,
  vulnerability: finding.vulnerability,
  package: finding.key === anyPackageKey(finding.vulnerability) ? null : finding.package,
  path: finding.path,
  installed: finding.installed,
  fixed: finding.fixed,
  severity: finding.severity,
  raisedFrom: null,
  url: finding.url,
  causes: [],
});
