import type { Baseline } from '../baseline/baseline.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import { type Pass } from './pass.ts';
/** A reference that was to be accepted and keeps what it had. */
export interface NotAccepted {
  readonly reference: string;
  readonly reason: string;
}
export type AcceptanceOutcome =
  | {
      readonly status: 'accepted';
      readonly decision: ReferenceDecision;
      readonly baseline: Baseline;
    }
  | {
      readonly status: 'kept';
      readonly notAccepted: NotAccepted;
    };
/** Accepts what a pass found of one reference: nothing of it is told, and it is what is known from now on. */
export declare const acceptReference: (decision: ReferenceDecision, pass: Pass) => AcceptanceOutcome;
