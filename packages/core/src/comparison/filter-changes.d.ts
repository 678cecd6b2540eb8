import type { Finding } from '../model/finding.ts';
import { type Severity } from '../model/severity.ts';
import { type KnownFinding } from './known-finding.ts';
import type { MatchedFindings } from './match-known.ts';
import type { KnownSide, ScannedSide } from './sides.ts';
import type { UnlistedHistory } from './unlisted-history.ts';
export interface LeftFinding {
  readonly known: KnownFinding;
  /** What took it out of the list: a setting, or what is said of it now. */
  readonly by: 'setting' | 'severity' | 'status';
  /** As it is found now; null where other arguments hide it. */
  readonly now: Finding | null;
}
/** Whether the scan would have found it as the one that did: no other arguments hide it. */
export declare const wouldBeFound: (finding: KnownFinding, known: KnownSide, scan: ScannedSide) => boolean;
/** Whether the filter lists it as people know it. */
export declare const isLookedFor: ({ severity, status }: KnownFinding, { circumstances }: ScannedSide) => boolean;
/**
 * Whether an absent finding can be the one that came under another key. What a partial scan leaves out are files of
 * languages; and what other arguments have hidden since an earlier pass is hidden still.
 */
export declare const mayHaveMoved: ({ path, foundWith }: KnownFinding, scan: ScannedSide) => boolean;
/** What is known and not listed any more, as of this scan, though nothing says that it is gone. */
export declare const leftFilter: (known: KnownSide, scan: ScannedSide, { present }: MatchedFindings) => LeftFinding[];
/** How a finding was while it was there and not listed, whatever its package was called then. */
export declare const formerHistories: (
  unlisted: KnownSide['unlisted'],
  found: ReadonlyMap<string, Finding>,
) => (finding: Finding) => UnlistedHistory | undefined;
/** What is to be made of a finding that is listed and was not known. */
export interface Arrival {
  /** Only a setting lists it: it was there before, or nobody can say. */
  readonly bySetting: boolean;
  /** The severity that kept it out of the list. */
  readonly formerly: Severity | null;
}
/**
 * Holds a finding that is not known against the last scan whose filter would have listed it as it is now. Was it not
 * there then, or not so that it was listed, then it is news, whatever narrower looks were taken since; without such a
 * scan only what is different from the last one is.
 */
export declare const judgeArrival: (
  finding: Finding,
  history: UnlistedHistory | undefined,
  known: KnownSide,
  scan: ScannedSide,
) => Arrival;
