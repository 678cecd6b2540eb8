import type { Baseline } from './baseline.ts';
export interface AcceptanceChanges {
  readonly accepted: number;
  /** Accepted now and not before; what had expired counts as not accepted. */
  readonly added: number;
  /** Accepted before and not any more. */
  readonly dropped: number;
}
/** What a baseline accepts that the one before it did not, and the other way round; `at` is ISO 8601. */
export declare const acceptanceChanges: (before: Baseline | null, now: Baseline, at: string) => AcceptanceChanges;
