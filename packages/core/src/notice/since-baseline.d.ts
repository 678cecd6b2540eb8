import type { Compared } from '../comparison/compare-with-known.ts';
import type { KnownFinding } from '../comparison/known-finding.ts';
import type { Pass } from './pass.ts';
import type { ReferenceChanges } from './reference-changes.ts';
import type { ReferenceState } from './told-state.ts';
/** What a baseline still names and people were told is gone. */
export declare const nextResolvedSince: (
  state: ReferenceState,
  known: readonly KnownFinding[],
  changes: ReferenceChanges,
  pass: Pass,
) => KnownFinding[];
/** What the lines of the baseline are called by now. */
export declare const nextMovedSince: (
  state: ReferenceState,
  moved: Compared['moved'],
  pass: Pass,
) => ReferenceState['movedSince'];
/** What is accepted still and was told as gone, as its line in the baseline accepts it. */
export declare const acceptedGone: (state: ReferenceState, pass: Pass) => KnownFinding[];
