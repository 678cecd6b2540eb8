import type { Failure } from '../model/failure.ts';
import { type Finding } from '../model/finding.ts';
import { type Severity } from '../model/severity.ts';
import { type Cause } from './circumstances.ts';
import { type LeftFinding } from './filter-changes.ts';
import { type KnownFinding } from './known-finding.ts';
import { type MovedFinding } from './pair-moved.ts';
import type { KnownSide, ScannedSide } from './sides.ts';
/** Why a comparison calls nothing resolved. */
export type WithheldReason = 'partial' | 'database_stale' | 'coverage_differs';
export interface NewFinding {
  readonly finding: Finding;
  /** The severity that kept it out of the list before, when a raised one brought it in. */
  readonly raisedFrom: Severity | null;
  readonly causes: readonly Cause[];
}
export interface Compared {
  readonly status: 'compared';
  readonly new: readonly NewFinding[];
  /** Known and not found; empty while {@link withheld}. */
  readonly resolved: readonly KnownFinding[];
  /** Not found either, and the filter would not list it: told once it does. */
  readonly goneUnlisted: readonly KnownFinding[];
  readonly severityRaised: readonly {
    readonly finding: Finding;
    readonly from: Severity;
  }[];
  readonly fixAvailable: readonly Finding[];
  readonly moved: readonly MovedFinding[];
  /** Not known, and listed only because a setting changed. */
  readonly joined: readonly Finding[];
  /** Told as gone, found again, and accepted still. */
  readonly returned: readonly MovedFinding[];
  /** Known and not listed any more, though nothing says that they are gone. */
  readonly leftFilter: readonly LeftFinding[];
  readonly withheld: WithheldReason | null;
  /** What changed since the scan before. */
  readonly causes: readonly Cause[];
  /** Which known findings were found, by their key, and how. */
  readonly present: ReadonlyMap<
    string,
    {
      readonly finding: Finding;
      readonly listed: boolean;
    }
  >;
}
export type Comparison =
  | Compared
  | {
      readonly status: 'not_comparable';
      readonly reason: Failure;
    };
/**
 * Compares what is known of a reference with a scan of it. What a failed scan would say is no comparison at all; a
 * partial one, one with a stale database and one that could judge less than the known scan still say what is new.
 */
export declare const compareWithKnown: (given: KnownSide, scan: ScannedSide) => Comparison;
