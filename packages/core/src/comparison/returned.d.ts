import { type Finding } from '../model/finding.ts';
import { type KnownFinding } from './known-finding.ts';
import type { MovedFinding } from './pair-moved.ts';
export interface ReturnedFindings {
  /** Accepted still. */
  readonly held: readonly MovedFinding[];
  /** Its acceptance has ended meanwhile. */
  readonly ended: readonly Finding[];
}
/** What was accepted, told as gone, and is found again. What is worse now than it was accepted is not accepted. */
export declare const returnedUnderAcceptance: (
  came: readonly Finding[],
  gone: readonly KnownFinding[],
  at: string,
) => ReturnedFindings;
