import type { Compared } from '../comparison/compare-with-known.ts';
import { type KnownFinding } from '../comparison/known-finding.ts';
import { type Pass, type ScannedImage } from './pass.ts';
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
export declare const judgeGone: (
  state: ReferenceState,
  compared: Compared,
  image: ScannedImage,
  pass: Pass,
) => GoneFindings;
/** The arguments of the scan before, where this one has others. */
export declare const changedArguments: (state: ReferenceState, pass: Pass) => readonly string[] | null;
