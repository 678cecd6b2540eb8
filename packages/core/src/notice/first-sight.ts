import type { Baseline } from '../baseline/baseline.ts';
import { foldDuplicates } from '../comparison/match-known.ts';
import { knownFinding } from '../comparison/known-finding.ts';
import { adoptBaseline } from './adopt-baseline.ts';
import { circumstancesOf, type Pass, type ScannedImage } from './pass.ts';
import type { ReferenceState } from './told-state.ts';

/** A baseline that a reference may start from, since it accepts the very image. */
export interface SharedBaseline {
  readonly reference: string;
  readonly baseline: Baseline;
}

/** Which baseline accepts an image, by its ID: of several the one of the first reference. */
export const sharedBaselines = (baselines: ReadonlyMap<string, Baseline>): Map<string, SharedBaseline> => {
  const shared = new Map<string, SharedBaseline>();
  for (const [reference, baseline] of [...baselines].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    if (baseline.image_id !== null && !shared.has(baseline.image_id))
      shared.set(baseline.image_id, { reference, baseline });
  return shared;
};

/** Shown in an inventory and not accepted: all of the first scan is known from now on. */
export const startPending = (state: ReferenceState, image: ScannedImage, pass: Pass): ReferenceState => {
  const found = [...foldDuplicates(image.outcome.findings).values()];
  const isListed = ({ severity }: (typeof found)[number]): boolean => pass.filter.severities.includes(severity);
  return {
    ...state,
    standing: 'pending',
    known: found.filter(isListed).map((finding) => knownFinding(finding, { accepted: false, since: pass.at })),
    unlisted: found.filter((finding) => !isListed(finding)).map(({ key, severity }) => [key, severity]),
    coverage: image.outcome.coverage,
    scanned: circumstancesOf(pass, image),
    settledImage: image.id,
  };
};

/** Starts from what was accepted of the same image under another name. */
export const startFromShared = (state: ReferenceState, shared: SharedBaseline, at: string): ReferenceState =>
  adoptBaseline(state, shared.baseline, at, shared.reference);
