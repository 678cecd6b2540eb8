import type { Baseline } from '../baseline/baseline.ts';
import { listedBy } from '../comparison/listing.ts';
import { foundUnlisted, listedNow } from '../comparison/unlisted-history.ts';
import { foldDuplicates } from '../comparison/match-known.ts';
import { knownFinding } from '../comparison/known-finding.ts';
import { adoptBaseline } from './adopt-baseline.ts';
import { circumstancesOf, type Pass, type ScannedImage, listingOf } from './pass.ts';
import type { ReferenceState } from './told-state.ts';

/** What a reference that was never met goes on from. */
export interface Predecessor {
  readonly state: ReferenceState;
  /** `same`: the very image under another name; `before`: another image, which this one takes the place of. */
  readonly image: 'same' | 'before';
}

/** A baseline that a reference may start from, since it accepts the very image. */
export interface SharedBaseline {
  readonly reference: string;
  readonly baseline: Baseline;
}

/** Which baseline accepts an image, by what it holds and by its ID: of several the one of the first reference. */
export const sharedBaselines = (baselines: ReadonlyMap<string, Baseline>): Map<string, SharedBaseline> => {
  const shared = new Map<string, SharedBaseline>();
  for (const [reference, baseline] of [...baselines].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    for (const name of baseline.whole === false ? [] : [baseline.content, baseline.image_id])
      if (typeof name === 'string' && !shared.has(name)) shared.set(name, { reference, baseline });
  return shared;
};

/** Shown in an inventory and not accepted: all of the first scan is known from now on. */
export const startPending = (state: ReferenceState, image: ScannedImage, pass: Pass): ReferenceState => {
  const isListed = listedBy(pass.filter);
  const found = [...foldDuplicates(image.outcome.findings, isListed).values()];
  return {
    ...state,
    standing: 'pending',
    known: found
      .filter(isListed)
      .map((finding) => knownFinding(finding, { accepted: false, since: pass.at, firstFound: pass.at })),
    unlisted: found
      .filter((finding) => !isListed(finding))
      .map((finding) => [finding.key, foundUnlisted(undefined, finding, pass.at)]),
    listings: listedNow([], listingOf(image, pass, null)),
    coverage: image.outcome.coverage,
    scanned: circumstancesOf(pass, image),
    settledImage: image.id,
    settledContent: image.content ?? null,
  };
};

/** Goes on from what is known of another reference, as if it had always been called so. */
export const startFrom = (state: ReferenceState, { state: before }: Predecessor): ReferenceState => ({
  ...before,
  reference: state.reference,
  firstSeen: state.firstSeen,
  baseline: before.baseline && { ...before.baseline, from: before.baseline.from ?? before.reference },
  untold: { ...before.untold, startedFrom: before.reference, recovered: false },
  failing: state.failing,
  goneSince: null,
  leftAt: null,
  containers: state.containers,
  services: state.services,
});

/** Starts from what was accepted of the same image under another name. */
export const startFromShared = (state: ReferenceState, shared: SharedBaseline, at: string): ReferenceState =>
  adoptBaseline(state, shared.baseline, at, shared.reference);
