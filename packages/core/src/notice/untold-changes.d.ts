import type { KnownFinding } from '../comparison/known-finding.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { ReferenceChanges } from './reference-changes.ts';
import type { ReferenceState, Untold } from './told-state.ts';
/** What has to be told of a reference by now. */
export interface WaitingChanges extends ReferenceChanges {
  /** That it is there, with what is in it. */
  readonly firstSeen: boolean;
}
/**
 * Adds what a pass found to what nobody was told before, as one who hears of both at once would put it: what came and
 * went meanwhile was never there for him.
 */
export declare const changesUntilNow: ({ state, changes, firstSeen, moved }: ReferenceDecision) => WaitingChanges;
/** What is still to be told when a pass had nobody to tell it to. */
export declare const leaveUntold: ({ state, recovered, moved }: ReferenceDecision, waiting: WaitingChanges) => Untold;
/** What is still to be told once a baseline was edited: who accepts a finding knows of it. */
export declare const keepUntoldOf: ({ untold }: ReferenceState, known: readonly KnownFinding[]) => Untold;
export declare const isNothing: ({ new: found, resolved, severityRaised, firstSeen }: WaitingChanges) => boolean;
