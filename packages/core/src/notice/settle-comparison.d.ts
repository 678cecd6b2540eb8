import type { Compared } from '../comparison/compare-with-known.ts';
import { type KnownFinding } from '../comparison/known-finding.ts';
import { type Pass, type ScannedImage } from './pass.ts';
import type { ReferenceChanges } from './reference-changes.ts';
import type { ReferenceState } from './told-state.ts';
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
export declare const settleComparison: (
  state: ReferenceState,
  compared: Compared,
  image: ScannedImage,
  pass: Pass,
) => Settlement;
