import { type Comparison } from '../comparison/compare-with-known.ts';
import type { FindingFilter } from '../documents/host-scan-document.ts';
import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import type { LastScan, ResultStore } from '../ports/result-store.ts';
import type { Baseline } from './baseline.ts';
/** The last complete scan of a reference with what it found. */
export interface RecordedScan {
  readonly last: LastScan;
  readonly findings: readonly Finding[];
}
/** The last complete scan of a reference, or why there is none to work with. */
export declare const readRecordedScan: (
  results: Pick<ResultStore, 'find' | 'lastOf'>,
  reference: string,
) => RecordedScan | string;
/** What is listed of a scan: by severity, and by those of the extra arguments that only leave findings out. */
export interface RecordFilter {
  readonly severities: readonly Severity[];
  readonly extraArgs: readonly string[];
}
/** What a scan was made with, and what of it is listed. */
export declare const filterOf: ({ last }: RecordedScan, { severities, extraArgs }: RecordFilter) => FindingFilter;
/** What a scan says beyond a baseline; `at` is ISO 8601. */
export declare const compareWithBaseline: (
  baseline: Baseline,
  { last, findings }: RecordedScan,
  filter: FindingFilter,
  at: string,
) => Comparison;
/** A baseline by the keys of today, so that what is said of a finding stays with it when its package is renamed. */
export declare const withKeysOfToday: (baseline: Baseline, comparison: Comparison) => Baseline;
