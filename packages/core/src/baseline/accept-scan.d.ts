import type { FindingFilter } from '../documents/host-scan-document.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import { type Baseline } from './baseline.ts';
/** A complete scan that somebody accepts. */
export interface AcceptableScan {
  readonly reference: string;
  readonly imageId: string | null;
  /** What the image holds, see contentKey. */
  readonly content?: string | null;
  readonly coverage: Coverage;
  readonly databaseStale: boolean;
  /** Every finding; those of the filter are accepted. */
  readonly findings: readonly Finding[];
  readonly filter: FindingFilter;
}
export interface Acceptance {
  /** ISO 8601. */
  readonly at: string;
  /** What was accepted before: a finding that stays keeps its date, reason and end. */
  readonly before?: Baseline | null;
  /** Said of every finding; without it a finding keeps what was said of it before. */
  readonly reason?: string | null;
  readonly expires?: string | null;
}
/** Why a scan cannot be accepted, or null when it can. */
export declare const whyNotAcceptable: (scan: Pick<AcceptableScan, 'coverage' | 'databaseStale'>) => string | null;
/** The baseline that accepts everything a scan lists. Ask {@link whyNotAcceptable} first. */
export declare const acceptScan: (scan: AcceptableScan, acceptance: Acceptance) => Baseline;
