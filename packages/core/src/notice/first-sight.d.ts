import type { Baseline } from '../baseline/baseline.ts';
import { type Pass, type ScannedImage } from './pass.ts';
import type { ReferenceState } from './told-state.ts';
/** What a reference that was never met goes on from. */
export interface Predecessor {
  readonly state: ReferenceState;
  /** `same`: the very image under another name; `before`: another image of the repository, which this one follows. */
  readonly image: 'same' | 'before';
}
/** A baseline that a reference may start from, since it accepts the very image. */
export interface SharedBaseline {
  readonly reference: string;
  readonly baseline: Baseline;
}
/** Which baseline accepts an image, by what it holds and by its ID: of several the one of the first reference. */
export declare const sharedBaselines: (baselines: ReadonlyMap<string, Baseline>) => Map<string, SharedBaseline>;
/** Shown in an inventory and not accepted: all of the first scan is known from now on. */
export declare const startPending: (state: ReferenceState, image: ScannedImage, pass: Pass) => ReferenceState;
/** Goes on from what is known of another reference, as if it had always been called so. */
export declare const startFrom: (state: ReferenceState, { state: before }: Predecessor) => ReferenceState;
/** Starts from what was accepted of the same image under another name. */
export declare const startFromShared: (state: ReferenceState, shared: SharedBaseline, at: string) => ReferenceState;
