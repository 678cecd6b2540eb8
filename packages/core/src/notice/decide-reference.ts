import type { Baseline } from '../baseline/baseline.ts';
import { baselineRevision } from '../baseline/write-baseline.ts';
import type { Acceptances } from '../baseline/acceptances.ts';
import { type Comparison, compareWithKnown } from '../comparison/compare-with-known.ts';
import { type KnownFinding, parseFindingKey } from '../comparison/known-finding.ts';
import type { MovedFinding } from '../comparison/pair-moved.ts';
import { type UnlistedFinding, UnlistedHistory } from '../comparison/unlisted-history.ts';
import type { Failure } from '../model/failure.ts';
import type { ListKeeper } from '../model/list-keeper.ts';
import { adoptBaseline, dropBaseline } from './adopt-baseline.ts';
import { countFailure } from './count-failure.ts';
import { type Predecessor, type SharedBaseline, startFrom, startFromShared, startPending } from './first-sight.ts';
import { comparisonLines, settlementLines } from './log-lines.ts';
import { circumstancesOf, isScanned, type Pass, type PassImage, type ScannedImage } from './pass.ts';
import type { Predecessors } from './predecessors.ts';
import { NO_CHANGES, type ReferenceChanges } from './reference-changes.ts';
import { unlistedWith } from './next-known.ts';
import { acceptedGone } from './since-baseline.ts';
import { type AcceptancesRead, acceptSingly, type SingleAcceptances, wholeBaseline } from './single-acceptances.ts';
import { settleComparison } from './settle-comparison.ts';
import { keepLists, type ReferenceState } from './told-state.ts';
import { type LastUsers, usersOf } from './users-of-images.ts';

/** What one pass means for one reference. */
export interface ReferenceDecision {
  readonly image: PassImage;
  readonly state: ReferenceState;
  readonly changes: ReferenceChanges;
  /** What goes by another key in this scan, whether that is certain yet or not. */
  readonly moved: readonly MovedFinding[];
  /** Met for the first time, with nothing known that it goes on from. */
  readonly firstSeen: { readonly baselineOf: string | null } | null;
  /** The baseline that goes on under the name of this reference. */
  readonly carried: Baseline | null;
  /** What was said of its findings by who accepted them. */
  readonly acceptances: () => Acceptances;
  /** A failure that is to be told now. */
  readonly failure: Failure | null;
  /** It failed, that was told, and it is scanned again. */
  readonly recovered: boolean;
  readonly lines: readonly string[];
}

/** A decision before it is known what goes with it. */
type Decided = Omit<ReferenceDecision, 'acceptances'>;

export interface ReferenceContext {
  readonly pass: Pass;
  readonly shared: ReadonlyMap<string, SharedBaseline>;
  readonly predecessors: Predecessors;
  readonly singles: SingleAcceptances;
  readonly lastUsers: LastUsers;
  readonly failuresAfter: number;
  /** Keeps what is known of each reference until the pass is decided. */
  readonly lists: ListKeeper;
}

/** @param before what was told of it, or that it was never met */
export const decideReference = (
  before: ReferenceState,
  image: PassImage,
  context: ReferenceContext,
): ReferenceDecision => {
  const met = { ...before, goneSince: null, leftAt: null, ...context.lastUsers.of(before, usersOf(image)) };
  const begun = before.standing === 'unscanned' ? begin(met, image, context) : { state: met, carried: null, lines: [] };
  const decision = decideBegun(begun, image, context);
  const state = keepLists(decision.state, context.lists);
  return {
    ...decision,
    state,
    acceptances: () => context.singles.said(before.reference, state),
    carried: begun.carried,
    lines: [...begun.lines, ...decision.lines],
  };
};

interface Begun {
  readonly state: ReferenceState;
  readonly carried: Baseline | null;
  readonly lines: readonly string[];
}

/** A reference that was never met goes on from what is known of its predecessor, and takes its baseline along. */
const begin = (met: ReferenceState, image: PassImage, { pass, predecessors }: ReferenceContext): Begun => {
  const { reference } = met;
  const predecessor = predecessors.of(reference, image);
  if (predecessor === undefined) return { state: met, carried: null, lines: [] };
  const former = predecessor.state.reference;
  const asOfNow = takeBaseline(predecessor.state, pass, null).state;
  const state = startFrom(met, { ...predecessor, state: asOfNow });
  const carried = carriedBaseline(state, predecessor, pass);
  const what =
    predecessor.image === 'same'
      ? `the same image as ${former}, goes on from what is known of that`
      : `${former} → ${reference}, goes on from what is known and accepted of that`;
  return {
    state:
      wholeBaseline(carried ?? undefined) === undefined || carried === null
        ? state
        : {
            ...state,
            baseline: { revision: baselineRevision(carried), from: null, savedAt: carried.saved_at ?? null },
          },
    carried,
    lines: [`${reference}: first seen, ${what}`],
  };
};

/** Null where the reference has a file of its own, or its predecessor has none that has to be carried over. */
const carriedBaseline = (
  { reference, baseline }: ReferenceState,
  { state, image }: Predecessor,
  pass: Pass,
): Baseline | null => {
  if (pass.baselines.has(reference) || pass.unreadableBaselines.has(reference)) return null;
  const file = pass.baselines.get(state.reference);
  if (file === undefined || pass.unreadableBaselines.has(state.reference)) return null;
  // A whole one counts for another name of its image by itself.
  if (file.whole !== false && (baseline === null || image === 'same')) return null;
  return { ...file, reference };
};

const decideBegun = ({ state: met, carried }: Begun, image: PassImage, context: ReferenceContext): Decided => {
  const read = takeBaseline(met, context.pass, carried);
  if (!isScanned(image)) return decideFailed(read.state, image, context, read.lines);
  const recovered = met.failing?.told ?? false;
  const known = { ...read.state, failing: null };
  const singles = {
    acceptances: context.singles.of(met.reference, carried),
    complete: context.singles.isComplete(met.reference),
  };
  if (known.standing !== 'unscanned') return decideKnown(known, image, context.pass, { ...read, recovered, singles });
  const shared = context.shared.get(image.content ?? '') ?? context.shared.get(image.id ?? '');
  if (shared === undefined) return decidePending(known, image, context.pass, { ...read, recovered, singles });
  const started = startFromShared(known, shared, context.pass.at);
  const named = { ...started, untold: { ...started.untold, startedFrom: shared.reference } };
  const decision = decideKnown(named, image, context.pass, {
    lines: read.lines,
    edited: false,
    recovered,
    singles,
  });
  return {
    ...decision,
    lines: [`${met.reference}: first seen, starts from the baseline of ${shared.reference}`, ...decision.lines],
  };
};

interface BaselineTaken {
  readonly state: ReferenceState;
  /** Whether its content is another than at the last pass. */
  readonly edited: boolean;
  readonly lines: readonly string[];
}

/** Brings what is known up to the baseline's file, whatever happened to it since the last pass. */
const takeBaseline = (state: ReferenceState, pass: Pass, carried: Baseline | null): BaselineTaken => {
  const { reference } = state;
  if (carried !== null) return { state, edited: false, lines: [] };
  if (pass.unreadableBaselines.has(reference))
    return {
      state,
      edited: false,
      lines: [`${reference}: its baseline cannot be read; what was known of it before is used`],
    };
  const baseline = wholeBaseline(pass.baselines.get(reference));
  if (baseline === undefined) {
    const removed = state.baseline !== null && state.baseline.from === null;
    if (!removed) return { state, edited: false, lines: [] };
    return {
      state: dropBaseline(state),
      edited: true,
      lines: [`${reference}: its baseline was removed; nothing of it is accepted any more`],
    };
  }
  const same = state.baseline?.from === null && state.baseline.revision === baselineRevision(baseline);
  if (same) return { state, edited: false, lines: [] };
  const edited = state.baseline !== null;
  return { state: adoptBaseline(state, baseline, pass.at), edited, lines: [] };
};

const decideFailed = (
  state: ReferenceState,
  image: PassImage,
  { pass, failuresAfter }: ReferenceContext,
  lines: readonly string[],
): Decided => {
  const nothing = { image, changes: NO_CHANGES, moved: [], firstSeen: null, carried: null, recovered: false };
  if (image.outcome.status !== 'failed') return { ...nothing, state, failure: null, lines };
  const { reason } = image.outcome;
  const { failing, tell } = countFailure(state.failing, reason, pass.at, failuresAfter);
  return {
    ...nothing,
    state: { ...state, failing },
    failure: tell ? reason : null,
    lines: [...lines, `${state.reference}: not compared, its scan failed (${reason.code}: ${reason.message})`],
  };
};

const decidePending = (
  state: ReferenceState,
  image: ScannedImage,
  pass: Pass,
  { lines, recovered, singles }: Omit<KnownGiven, 'edited'>,
): Decided => {
  const { state: pending } = acceptSingly(startPending(state, image, pass), image, singles, pass);
  const accepted = pending.known.filter((finding) => finding.accepted).length;
  const whichNot = accepted === 0 ? 'not accepted yet' : `${accepted} of them accepted`;
  return {
    image,
    state: pending,
    changes: NO_CHANGES,
    moved: [],
    firstSeen: { baselineOf: null },
    carried: null,
    failure: null,
    recovered,
    lines: [...lines, `${state.reference}: first seen, ${pending.known.length} findings, ${whichNot}`],
  };
};

interface KnownGiven extends Pick<BaselineTaken, 'lines' | 'edited'> {
  readonly recovered: boolean;
  readonly singles: AcceptancesRead;
}

const decideKnown = (
  before: ReferenceState,
  image: ScannedImage,
  pass: Pass,
  { lines, edited, recovered, singles }: KnownGiven,
): Decided => {
  const nothing = { image, moved: [], firstSeen: null, carried: null, failure: null, recovered };
  const { state, arrivals, takenBack } = acceptSingly(before, image, singles, pass);
  const comparison = compare(state, arrivals, image, pass);
  if (comparison.status === 'not_comparable') return { ...nothing, state, changes: NO_CHANGES, lines };
  const settlement = settleComparison(state, comparison, image, pass);
  return {
    ...nothing,
    moved: comparison.moved,
    state: settlement.state,
    changes: edited || takenBack ? blameBaseline(settlement.changes) : settlement.changes,
    lines: [...lines, ...comparisonLines(state, comparison), ...settlementLines(state, settlement)],
  };
};

const compare = (
  state: ReferenceState,
  arrivals: readonly KnownFinding[],
  image: ScannedImage,
  pass: Pass,
): Comparison =>
  compareWithKnown(
    {
      findings: state.known,
      coverage: state.coverage,
      circumstances: state.scanned ?? circumstancesOf(pass, image),
      unlisted: historiesOf(unlistedWith(state, pass.filter.extra_args)),
      listings: state.listings,
      takenBack: new Set(state.takenBack.flatMap((key) => [key, parseFindingKey(key)?.vulnerability ?? key])),
      acceptedGone: [...acceptedGone(state, pass), ...arrivals],
    },
    {
      outcome: image.outcome,
      circumstances: circumstancesOf(pass, image),
      databaseStale: pass.scanner?.databaseStale ?? false,
      at: pass.at,
    },
  );

const historiesOf = (unlisted: readonly UnlistedFinding[] | null): ReadonlyMap<string, UnlistedHistory> | null =>
  unlisted && new Map(unlisted.map(([key, forms]) => [key, new UnlistedHistory(forms)]));

const blameBaseline = (changes: ReferenceChanges): ReferenceChanges => ({
  ...changes,
  new: changes.new.map((found) => ({
    ...found,
    causes: found.causes.length === 0 ? (['baseline_changed'] as const) : found.causes,
  })),
});
