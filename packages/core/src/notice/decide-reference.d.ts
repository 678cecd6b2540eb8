import type { Baseline } from '../baseline/baseline.ts';
import type { MovedFinding } from '../comparison/pair-moved.ts';
import type { Failure } from '../model/failure.ts';
import { type SharedBaseline } from './first-sight.ts';
import { type Pass, type PassImage } from './pass.ts';
import type { Predecessors } from './predecessors.ts';
import { type ReferenceChanges } from './reference-changes.ts';
import type { ReferenceState } from './told-state.ts';
/** What one pass means for one reference. */
export interface ReferenceDecision {
  readonly image: PassImage;
  readonly state: ReferenceState;
  readonly changes: ReferenceChanges;
  /** What goes by another key in this scan, whether that is certain yet or not. */
  readonly moved: readonly MovedFinding[];
  /** Met for the first time, with nothing known that it goes on from. */
  readonly firstSeen: {
    readonly baselineOf: string | null;
  } | null;
  /** The baseline that goes on under the name of this reference. */
  readonly carried: Baseline | null;
  /** A failure that is to be told now. */
  readonly failure: Failure | null;
  /** It failed, that was told, and it is scanned again. */
  readonly recovered: boolean;
  readonly lines: readonly string[];
}
export interface ReferenceContext {
  readonly pass: Pass;
  readonly shared: ReadonlyMap<string, SharedBaseline>;
  readonly predecessors: Predecessors;
  readonly failuresAfter: number;
}
/** @param before what was told of it, or that it was never met */
export declare const decideReference: (
  before: ReferenceState,
  image: PassImage,
  context: ReferenceContext,
) => ReferenceDecision;
