import { createHash } from 'node:crypto';

import type { Acceptances } from '../baseline/acceptances.ts';
import type { KnownFinding } from '../comparison/known-finding.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { NoticeFinding, NoticeGroup } from './notice.ts';
import { noticeFinding, saidOf } from './notice-finding.ts';
import type { PassImage } from './pass.ts';

export const GROUP_LISTS = ['new', 'severityRaised', 'resolved', 'fixAvailable', 'joined'] as const;
export type GroupList = (typeof GROUP_LISTS)[number];

/** References with the same to be told, of one image or of several, not shortened yet. */
export interface ChangeGroup {
  readonly images: readonly PassImage[];
  readonly references: readonly string[];
  readonly imageBefore: string | null;
  /** The reference whose known findings they go on from. */
  readonly startedFrom: string | null;
  /** How much changed since that one, whatever is told together with other images. */
  readonly changed?: NoticeGroup['changed'];
  readonly lists: Readonly<Record<GroupList, readonly NoticeFinding[]>>;
}

interface ReferenceChange extends Omit<ChangeGroup, 'references' | 'images'> {
  readonly image: PassImage;
  readonly reference: string;
}

/** What is told of one reference: what changed now, and what waited for a notice. */
export const changeOf = (decision: ReferenceDecision): ReferenceChange => {
  const { image, state, changes } = decision;
  return {
    image,
    reference: state.reference,
    imageBefore: state.untold.imageBefore,
    startedFrom: state.untold.startedFrom,
    ...(state.untold.startedFrom !== null && {
      changed: {
        new: changes.new.length,
        severityRaised: changes.severityRaised.length,
        resolved: changes.resolved.length,
      },
    }),
    lists: hasChanges(decision) ? changedLists(decision) : NO_LISTS,
  };
};

const NO_LISTS: ChangeGroup['lists'] = { new: [], severityRaised: [], resolved: [], fixAvailable: [], joined: [] };

/** Of most references nothing is to be told, and then what is known of them is not read. */
const hasChanges = ({ changes, state: { untold } }: ReferenceDecision): boolean =>
  [changes.new, changes.severityRaised, changes.resolved, untold.fixAvailable, untold.joined].some(
    ({ length }) => length > 0,
  );

const changedLists = ({ state, changes, acceptances }: ReferenceDecision): ChangeGroup['lists'] => {
  const known = new Map(state.known.map((finding) => [finding.key, finding]));
  const named = (keys: readonly string[]): NoticeFinding[] =>
    keys.flatMap((key) => known.get(key) ?? []).map(noticeFinding);
  const told = new Set(changes.new.map(({ finding }) => finding.key));
  return {
    new: changes.new.map(({ finding, raisedFrom, causes }) => ({
      ...noticeFinding(finding),
      raisedFrom,
      ...(causes.includes('acceptance_expired') && {
        acceptance: endedAcceptance(known.get(finding.key), acceptances()),
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
  { image, state }: Pick<ReferenceDecision, 'image' | 'state'>,
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

/** What is the same for several references together, whatever images they are of; the worst first. */
export const groupChanges = (changes: readonly ReferenceChange[]): ChangeGroup[] =>
  together([...shareFindings(together(changes.map(alone)))])
    .filter(isWorthTelling)
    .map((group) => ({ ...group, references: group.references.toSorted() }))
    .toSorted(worstFirst);

const alone = ({ image, reference, ...change }: ReferenceChange): ChangeGroup => ({
  ...change,
  images: [image],
  references: [reference],
});

const isWorthTelling = ({ imageBefore, startedFrom, lists }: ChangeGroup): boolean =>
  imageBefore !== null || startedFrom !== null || GROUP_LISTS.some((list) => lists[list].length > 0);

const together = (groups: readonly ChangeGroup[]): ChangeGroup[] =>
  [...Map.groupBy(groups, signature).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return [{ ...first, ...unionOf(same) }];
  });

const unionOf = (groups: readonly ChangeGroup[]): Pick<ChangeGroup, 'images' | 'references'> => ({
  images: [...new Map(groups.flatMap(({ images }) => images.map((image) => [image.id ?? image, image]))).values()],
  references: groups.flatMap(({ references }) => references),
});

/** A finding in so many groups is told once for all of them, beside what else each of them has. */
const FEWEST_SHARING = 3;

const shareFindings = function* (groups: readonly ChangeGroup[]): Generator<ChangeGroup> {
  const holders = holdersOf(groups);
  const isShared = (list: GroupList, finding: NoticeFinding): boolean =>
    (holders.get(changeMark(list, finding))?.length ?? 0) >= FEWEST_SHARING;
  for (const group of groups)
    yield { ...group, lists: pickFindings(group, (list, finding) => !isShared(list, finding)) };
  const byHolders = Map.groupBy(
    [...holders].filter(([, held]) => held.length >= FEWEST_SHARING),
    ([, held]) => held.join(' '),
  );
  for (const marks of byHolders.values()) {
    const held = (marks[0]?.[1] ?? []).flatMap((index) => groups[index] ?? []);
    const [first] = held;
    const wanted = new Set(marks.map(([mark]) => mark));
    if (first !== undefined)
      yield {
        imageBefore: null,
        startedFrom: null,
        ...unionOf(held),
        lists: pickFindings(first, (list, finding) => wanted.has(changeMark(list, finding))),
      };
  }
};

/** In which groups each change stands, by their places. */
const holdersOf = (groups: readonly ChangeGroup[]): Map<string, number[]> => {
  const holders = new Map<string, number[]>();
  for (const [index, { lists }] of groups.entries()) {
    const marks = GROUP_LISTS.flatMap((list) => lists[list].map((finding) => changeMark(list, finding)));
    for (const mark of new Set(marks)) {
      const held = holders.get(mark);
      if (held === undefined) holders.set(mark, [index]);
      else held.push(index);
    }
  }
  return holders;
};

const pickFindings = (
  { lists }: ChangeGroup,
  wanted: (list: GroupList, finding: NoticeFinding) => boolean,
): ChangeGroup['lists'] => {
  const picked = (list: GroupList): NoticeFinding[] => lists[list].filter((finding) => wanted(list, finding));
  return {
    new: picked('new'),
    severityRaised: picked('severityRaised'),
    resolved: picked('resolved'),
    fixAvailable: picked('fixAvailable'),
    joined: picked('joined'),
  };
};

/** What makes a change the same in another image. */
export const changeMark = (list: GroupList, finding: NoticeFinding): string => {
  const { key, raisedFrom, installed, fixed, severity, causes, acceptance } = finding;
  const said = acceptance && [acceptance.reason, acceptance.owner, acceptance.expires, acceptance.untilFix];
  return JSON.stringify([list, key, raisedFrom, installed, fixed, severity, causes, said ?? null]);
};

const signature = ({ images, imageBefore, startedFrom, lists }: ChangeGroup): string => {
  const ofOneImage = imageBefore !== null || startedFrom !== null;
  const image = ofOneImage ? images.map(({ id, references }) => id ?? references) : null;
  const hash = createHash('sha256').update(JSON.stringify([image, imageBefore, startedFrom]));
  for (const list of GROUP_LISTS)
    for (const finding of lists[list].toSorted(byKey)) hash.update(`\n${changeMark(list, finding)}`);
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
