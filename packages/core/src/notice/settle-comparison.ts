import { isSameImage, orderCauses } from '../comparison/circumstances.ts';
import type { Circumstances } from '../comparison/circumstances.ts';
import type { Compared } from '../comparison/compare-with-known.ts';
import { anyPackageKey, hasEnded, type KnownFinding } from '../comparison/known-finding.ts';
import { listedBy } from '../comparison/listing.ts';
import type { Finding } from '../model/finding.ts';
import { judgeGone } from './judge-gone.ts';
import { listedNow } from '../comparison/unlisted-history.ts';
import { nextKnown, nextUnlisted, nextUnlistedElsewhere } from './next-known.ts';
import { circumstancesOf, type Pass, type ScannedImage, listingOf } from './pass.ts';
import type { ReferenceChanges } from './reference-changes.ts';
import { goneElsewhere, nextMovedSince, nextResolvedSince } from './since-baseline.ts';
import type { ReferenceState, Untold } from './told-state.ts';
import { withoutReturned } from './untold-changes.ts';

export interface Settlement {
  readonly state: ReferenceState;
  readonly changes: ReferenceChanges;
  /** Keys that changed their package or path for good, and the ones that are missing for the first time. */
  readonly moved: Compared['moved'];
  readonly missed: readonly KnownFinding[];
}

/**
 * Makes of a comparison what is known from now on and what is told of it. What vanished with the image is told at once;
 * what vanished from the same image waits until a second pass, matched again, does not find it either.
 */
export const settleComparison = (
  state: ReferenceState,
  compared: Compared,
  image: ScannedImage,
  pass: Pass,
): Settlement => {
  const goneNow = judgeGone(state, compared, image, pass);
  const changes: ReferenceChanges = {
    new: compared.new,
    resolved: goneNow.resolved,
    severityRaised: compared.severityRaised.map((raised) => ({
      ...raised,
      causes: orderCauses(['severity_changed', ...compared.causes]),
    })),
    fixAvailable: compared.fixAvailable,
  };
  const known = nextKnown(state, compared, goneNow, pass);
  const settled = compared.withheld === null;
  const listing = listingOf(image, pass, compared.withheld);
  const next: ReferenceState = {
    ...state,
    known,
    unlisted: nextUnlisted(state, [...known, ...compared.moved.map(({ to }) => to)], image, pass, listing.scan),
    unlistedElsewhere: withoutGone(nextUnlistedElsewhere(state, pass), changes),
    listings: listedNow(state.listings, listing),
    coverage: nextCoverage(state, compared, image),
    scanned: circumstancesOf(pass, image),
    settledImage: settled ? image.id : state.settledImage,
    settledContent: settled ? (image.content ?? null) : state.settledContent,
    missing: goneNow.missing,
    takenBack: stillTakenBack(state, known),
    resolvedSince: nextResolvedSince(state, known, changes, compared, pass),
    movedSince: nextMovedSince(
      state,
      [...goneNow.moved, ...endedWithMove(compared, pass), ...compared.cameBack, ...goneElsewhere(state, changes)],
      pass,
    ),
    untold: nextUntold(state, compared, circumstancesOf(pass, image), known),
  };
  return {
    state: withoutReturned(next, compared.joined),
    changes,
    moved: goneNow.moved,
    missed: goneNow.missed,
  };
};

/** Known by another key at once, since the acceptance under the former one has ended. */
const endedWithMove = ({ moved }: Compared, { at, filter }: Pass): Compared['moved'] =>
  moved.filter(({ from, to }) => listedBy(filter)(to) && hasEnded(from, to, at));

/** What is gone was there no longer, whatever the arguments that saw it: when it is found again, it came back. */
const withoutGone = (
  elsewhere: ReferenceState['unlistedElsewhere'],
  { resolved }: ReferenceChanges,
): ReferenceState['unlistedElsewhere'] => {
  if (elsewhere.length === 0 || resolved.length === 0) return elsewhere;
  const gone = new Set(resolved.map(({ finding }) => finding.key));
  return elsewhere.map(({ args, unlisted }) => ({ args, unlisted: unlisted.filter(([key]) => !gone.has(key)) }));
};

const stillTakenBack = ({ takenBack }: ReferenceState, known: readonly KnownFinding[]): string[] => {
  if (takenBack.length === 0) return takenBack;
  const keys = new Set(known.map(({ key }) => key));
  return takenBack.filter((key) => !keys.has(key));
};

/** Once another scan than the one behind it added to what is known, only a full one may resolve it. */
const nextCoverage = (
  { coverage, known }: ReferenceState,
  { new: found, joined, moved, withheld }: Compared,
  { outcome }: ScannedImage,
): ReferenceState['coverage'] => {
  if (outcome.coverage === coverage) return coverage;
  const before = new Set([...known, ...moved.map(({ to }) => to)].map(({ key }) => key));
  const added = found.some(({ finding }) => !before.has(finding.key)) || joined.length > 0;
  return added || (outcome.coverage === 'full' && withheld === null) ? 'full' : coverage;
};

const nextUntold = (
  state: ReferenceState,
  compared: Compared,
  now: Circumstances,
  known: readonly KnownFinding[],
): Untold => {
  const keys = new Set(known.map(({ key }) => key));
  const { imageBefore, fixAvailable, joined } = state.untold;
  const knownAs = ({ key, vulnerability }: Finding): string => (keys.has(key) ? key : anyPackageKey(vulnerability));
  const updated = state.scanned !== null && isSameImage(state.scanned, now) === false;
  const former = imageBefore ?? (updated ? (state.scanned?.imageId ?? null) : null);
  return {
    ...state.untold,
    imageBefore: former === now.imageId ? null : former,
    fixAvailable: [...new Set([...fixAvailable, ...compared.fixAvailable.map(knownAs)])].filter((key) => keys.has(key)),
    joined: [...joined, ...compared.joined.map(({ key }) => key)].filter((key) => keys.has(key)),
  };
};
