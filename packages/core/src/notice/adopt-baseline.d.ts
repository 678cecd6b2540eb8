import type { Baseline } from '../baseline/baseline.ts';
import { type ReferenceState } from './told-state.ts';
/**
 * What is known once a baseline was saved or edited. Saved from a scan, it is what is known, whichever way it was saved.
 * Edited, what it accepts is known beside what was told since; what it does not accept any more is not known, and what
 * was told as resolved is not known again.
 *
 * @param from the reference whose baseline it is, when it is not the reference's own
 */
export declare const adoptBaseline: (
  state: ReferenceState,
  baseline: Baseline,
  at: string,
  from?: string | null,
) => ReferenceState;
/** What is known when the baseline was removed: the same, and nothing of it is accepted. */
export declare const dropBaseline: (state: ReferenceState) => ReferenceState;
