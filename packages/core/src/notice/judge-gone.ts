import { isSameImage, orderCauses, scannedAlike } from '../comparison/circumstances.ts';
import type { Compared } from '../comparison/compare-with-known.ts';
import { hasEnded, type KnownFinding } from '../comparison/known-finding.ts';
import type { MovedFinding } from '../comparison/pair-moved.ts';
import { circumstancesOf, type Pass, type ScannedImage } from './pass.ts';
import type { ResolvedFinding } from './reference-changes.ts';
import type { MissingFinding, ReferenceState } from './told-state.ts';

/** What became of what is known and was not found. */
export interface GoneFindings {
  readonly resolved: ResolvedFinding[];
  readonly moved: Compared['moved'];
  readonly missing: MissingFinding[];
  readonly missed: KnownFinding[];
}

/** What is gone for good, and what waits for a second look. */
export const judgeGone = (state: ReferenceState, compared: Compared, image: ScannedImage, pass: Pass): GoneFindings => {
  const before = new Map(state.missing.map((missing) => [missing.key, missing]));
  const rehidden = changedArguments(state, pass) !== null;
  const movedTo = new Map(compared.moved.map(({ from, to }) => [from.key, to.key]));
  const settled = { imageId: state.settledImage, content: state.settledContent };
  const newImage = isSameImage(settled, circumstancesOf(pass, image)) === false;
  const causes = orderCauses([newImage ? 'image_updated' : 'withdrawn', ...compared.causes]);
  if (compared.withheld !== null)
    return {
      resolved: [],
      moved: rehidden ? compared.moved : [],
      missing: missingStill(state.missing, rehidden ? [] : compared.moved, compared, { at: pass.at, causes }),
      missed: [],
    };
  const isSettled = ({ key }: KnownFinding): boolean => {
    const missing = before.get(key);
    if (newImage || missing?.agreed === true) return true;
    // What was found under another key the last time is missing for the first time now.
    const isSecond = missing !== undefined && (missing.movedTo === null || movedTo.has(key));
    return isSecond && image.outcome.matched;
  };
  const hasMoved = ({ from }: MovedFinding): boolean => rehidden || isSettled(from);
  const judged = new Set(
    [...compared.resolved, ...compared.goneUnlisted, ...compared.moved.map(({ from }) => from)].map(({ key }) => key),
  );
  const hidden = new Set(
    state.missing.flatMap(({ key }) => (judged.has(key) || compared.present.has(key) ? [] : [key])),
  );
  const waiting = [
    ...compared.resolved.filter((finding) => !isSettled(finding)),
    ...compared.moved
      .filter((moved) => !hasMoved(moved) && !hasEnded(moved.from, moved.to, pass.at))
      .map(({ from }) => from),
  ];
  return {
    resolved: compared.resolved
      .filter(isSettled)
      .map((finding) => ({ finding, causes: newImage ? causes : (before.get(finding.key)?.causes ?? causes) })),
    moved: compared.moved.filter(hasMoved),
    missing: [
      ...waiting.map(({ key }) => ({
        ...(before.get(key) ?? { key, since: pass.at, causes }),
        agreed: false,
        movedTo: movedTo.get(key) ?? null,
        lastKey: movedTo.get(key) ?? before.get(key)?.lastKey ?? null,
      })),
      ...compared.goneUnlisted.map((finding) => ({
        ...(before.get(finding.key) ?? { key: finding.key, since: pass.at, causes }),
        agreed: isSettled(finding),
        movedTo: null,
        lastKey: before.get(finding.key)?.lastKey ?? null,
      })),
      ...state.missing.filter(({ key }) => hidden.has(key)),
    ],
    missed: waiting.filter(({ key }) => !before.has(key)),
  };
};

/** What a scan that resolves nothing says of what is missing: found under another key, it is not gone. */
const missingStill = (
  before: readonly MissingFinding[],
  moved: Compared['moved'],
  { present, moved: seen }: Compared,
  { at, causes }: { readonly at: string; readonly causes: MissingFinding['causes'] },
): MissingFinding[] => {
  const movedTo = new Map(seen.map(({ from, to }) => [from.key, to.key]));
  const keys = new Set(before.map(({ key }) => key));
  return [
    ...before
      .filter(({ key }) => !present.has(key))
      .map((missing) => foundElsewhere(missing, movedTo.get(missing.key))),
    ...moved
      .filter(({ from, to }) => !keys.has(from.key) && !hasEnded(from, to, at))
      .map(({ from, to }) => ({ key: from.key, since: at, causes, agreed: false, movedTo: to.key, lastKey: to.key })),
  ];
};

const foundElsewhere = (missing: MissingFinding, key: string | undefined): MissingFinding =>
  key === undefined ? missing : { ...missing, agreed: false, movedTo: key, lastKey: key };

/** The arguments of the scan before, where this one has others. */
export const changedArguments = (state: ReferenceState, pass: Pass): readonly string[] | null => {
  const before = state.scanned?.filter?.extra_args;
  return before === undefined || scannedAlike(before, pass.filter.extra_args) ? null : before;
};
