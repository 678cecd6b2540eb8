import { type KnownFinding } from '../comparison/known-finding.ts';
import type { Finding } from '../model/finding.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { DigestChange, DigestPeriod, DigestState, PassScope } from './digest-state.ts';
import { isScanned, type Pass } from './pass.ts';

/** Most changes of a kind that are kept for one digest, and most findings whose stay is known. */
const MOST_CHANGES = 500;
const MOST_STAYS = 1000;
/** A pass begins a little earlier than the one a week before, as often as a little later. */
const EARLY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What a pass adds to the next digest. */
export interface DigestNews {
  readonly pass: Pass;
  /** What became new in them is told, unless it was accepted at once. */
  readonly told: readonly ReferenceDecision[];
  /** What was resolved in them is resolved, whether people were told or not. */
  readonly compared: readonly ReferenceDecision[];
}

export interface DigestDecision {
  readonly state: DigestState | null;
  /** Whether this pass is the one to send it. */
  readonly isDue: boolean;
}

/**
 * Counts a pass for the next digest and says whether that is due: a period after the last one, or after the first pass
 * with the setting. A pass that looks at less than the others neither sends one nor puts it off, unless for a whole
 * period there was no other: then that is what this host looks at.
 *
 * @param period null where no digests are wanted
 */
export const decideDigest = (
  before: DigestState | null,
  news: DigestNews,
  period: DigestPeriod | null,
): DigestDecision => {
  const { pass } = news;
  const scope = scopeOf(pass);
  if (before === null) return { state: period === null ? null : beginDigest(scope, pass.at), isDue: false };
  const since = earlier(before.since, pass.at);
  const narrowSince = isNarrower(scope, before.scope) ? earlier(before.narrowSince ?? pass.at, pass.at) : null;
  const isLookByHand = narrowSince !== null && (period === null || !hasPassed(period, narrowSince, pass.at));
  const counted = { ...before, ...changesSince(before, news), ...staysUntil(before, news), since, narrowSince };
  if (isLookByHand) return { state: counted, isDue: false };
  if (period === null) return { state: null, isDue: false };
  return {
    state: { ...counted, scope, narrowSince: null, passes: countPass(before.passes, pass) },
    isDue: hasPassed(period, since, pass.at),
  };
};

/** What is kept once a digest was sent. */
export const afterDigest = (state: DigestState, at: string): DigestState => ({
  ...state,
  since: at,
  passes: { ...state.passes, made: 0, complete: 0 },
  new: [],
  resolved: [],
  unlisted: { new: 0, resolved: 0 },
});

const beginDigest = (scope: PassScope, at: string): DigestState => ({
  since: at,
  scope,
  narrowSince: null,
  passes: { made: 0, complete: 0, lastComplete: null },
  new: [],
  resolved: [],
  unlisted: { new: 0, resolved: 0 },
  countedSince: at,
  stays: [],
});

const scopeOf = ({ filter, only = [] }: Pass): PassScope => ({
  severities: [...filter.severities],
  extra_args: [...filter.extra_args],
  only: [...only],
});

/** Whether a pass leaves out something that the others look at. */
const isNarrower = (now: PassScope, usual: PassScope): boolean => {
  const sameImages = now.only.toSorted().join('\n') === usual.only.toSorted().join('\n');
  return (
    (now.only.length > 0 && !sameImages) ||
    usual.severities.some((severity) => !now.severities.includes(severity)) ||
    now.extra_args.some((argument) => !usual.extra_args.includes(argument))
  );
};

/** A moment that lies ahead was written under another clock, and would be waited for until that comes. */
const earlier = (moment: string, at: string): string => (Date.parse(moment) > Date.parse(at) ? at : moment);

const hasPassed = (period: DigestPeriod, since: string, at: string): boolean =>
  Date.parse(at) >= endOf(period, new Date(since)) - EARLY_MS;

const endOf = (period: DigestPeriod, since: Date): number => {
  if (period === 'weekly') return since.getTime() + 7 * DAY_MS;
  const end = new Date(since);
  end.setUTCMonth(since.getUTCMonth() + 1);
  // The 31st of a month that has 30 days is the 1st of the next.
  if (end.getUTCDate() !== since.getUTCDate()) end.setUTCDate(0);
  return end.getTime();
};

const countPass = ({ made, complete, lastComplete }: DigestState['passes'], pass: Pass): DigestState['passes'] => {
  const isComplete = pass.trouble === null && pass.images.every(isScanned);
  return {
    made: made + 1,
    complete: complete + (isComplete ? 1 : 0),
    lastComplete: isComplete ? pass.at : lastComplete,
  };
};

const changesSince = (
  before: DigestState,
  { told, compared }: DigestNews,
): Pick<DigestState, 'new' | 'resolved' | 'unlisted'> => {
  const found = withChanges(
    before.new,
    told.flatMap((decision) => decision.changes.new.map(({ finding }) => changeOf(decision, finding))),
  );
  const resolved = withChanges(
    before.resolved,
    compared.flatMap((decision) => decision.changes.resolved.map(({ finding }) => changeOf(decision, finding))),
  );
  return {
    new: found.kept,
    resolved: resolved.kept,
    unlisted: {
      new: before.unlisted.new + found.left,
      resolved: before.unlisted.resolved + resolved.left,
    },
  };
};

const changeOf = ({ state, image }: ReferenceDecision, finding: Finding | KnownFinding): DigestChange => ({
  key: finding.key,
  vulnerability: finding.vulnerability,
  package: finding.package,
  path: finding.path,
  installed: finding.installed,
  fixed: finding.fixed,
  severity: finding.severity,
  image: image.id ?? state.reference,
  reference: state.reference,
});

/** What comes, goes and comes again has changed once. */
const withChanges = (
  before: readonly DigestChange[],
  changes: readonly DigestChange[],
): { readonly kept: DigestChange[]; readonly left: number } => {
  const nameOf = ({ reference, key }: DigestChange): string => `${reference}\n${key}`;
  const all = [...new Map([...before, ...changes].map((change) => [nameOf(change), change])).values()];
  return { kept: all.slice(0, MOST_CHANGES), left: Math.max(0, all.length - MOST_CHANGES) };
};

/** A finding of an image has one stay, whatever the names of the image. */
const staysUntil = (
  { stays, countedSince }: DigestState,
  { compared, pass }: DigestNews,
): Pick<DigestState, 'stays' | 'countedSince'> => {
  const ended = new Map(
    compared.flatMap((decision) =>
      decision.changes.resolved.flatMap(({ finding }) =>
        finding.firstFound === null
          ? []
          : [[`${decision.image.id ?? decision.state.reference}\n${finding.key}`, finding.firstFound] as const],
      ),
    ),
  );
  const all = [...stays, ...ended.values().map((from) => ({ until: pass.at, days: daysBetween(from, pass.at) }))];
  const kept = all.slice(-MOST_STAYS);
  const [oldest] = kept;
  return { stays: kept, countedSince: kept.length < all.length && oldest !== undefined ? oldest.until : countedSince };
};

const daysBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / DAY_MS);
