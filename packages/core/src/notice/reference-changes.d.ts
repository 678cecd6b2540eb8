import type { Cause } from '../comparison/circumstances.ts';
import type { NewFinding } from '../comparison/compare-with-known.ts';
import type { KnownFinding } from '../comparison/known-finding.ts';
import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
export interface ResolvedFinding {
  readonly finding: KnownFinding;
  readonly causes: readonly Cause[];
}
interface RaisedFinding {
  readonly finding: Finding;
  readonly from: Severity;
  readonly causes: readonly Cause[];
}
/** What has to be told of one reference now. */
export interface ReferenceChanges {
  readonly new: readonly NewFinding[];
  readonly resolved: readonly ResolvedFinding[];
  readonly severityRaised: readonly RaisedFinding[];
  /** Named with the next notice, whenever that is. */
  readonly fixAvailable: readonly Finding[];
}
export declare const NO_CHANGES: ReferenceChanges;
export {};
