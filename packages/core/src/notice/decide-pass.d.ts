import type { Baseline } from '../baseline/baseline.ts';
import type { BaselineReport } from '../documents/host-scan-document.ts';
import { type NotAccepted } from './accept-reference.ts';
import type { Notice } from './notice.ts';
import { type Pass, type TellingSettings } from './pass.ts';
import { type ToldState } from './told-state.ts';
export interface PassDecision {
  /** To be stored in the transaction that stores the notice. */
  readonly state: ToldState;
  readonly notice: Notice | null;
  /** One line each, for the log; what comes from images is in them as it is. */
  readonly lines: readonly string[];
  /** By reference: what changed, whole, for the documents and the logs of the images. */
  readonly reports: ReadonlyMap<string, BaselineReport>;
  /** To be written before the state is stored; empty unless accepting was asked for. */
  readonly baselines: readonly Baseline[];
  /** What could not be accepted though that was asked for: the files of these stay. */
  readonly notAccepted: readonly NotAccepted[];
}
/**
 * Decides what one pass tells, and what is known once it is told.
 *
 * @example
 * const { state, notice } = decidePass(NOTHING_TOLD, pass, { repeat: 'never', failuresAfter: 3, accept: false });
 */
export declare const decidePass: (before: ToldState, pass: Pass, settings: TellingSettings) => PassDecision;
