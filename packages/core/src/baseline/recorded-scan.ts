import { z } from 'zod';

import { compareWithKnown, type Comparison } from '../comparison/compare-with-known.ts';
import { filterArguments, isFilterArgument } from '../comparison/listing.ts';
import type { FindingFilter } from '../documents/host-scan-document.ts';
import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import type { LastScan, ResultStore } from '../ports/result-store.ts';
import { whyNotAcceptable } from './accept-scan.ts';
import type { Baseline } from './baseline.ts';
import { knownOfBaseline } from './known-baseline.ts';

/** The last complete scan of a reference with what it found. */
export interface RecordedScan {
  readonly last: LastScan;
  readonly findings: readonly Finding[];
}

/** The last complete scan of a reference, or why there is none to work with. */
export const readRecordedScan = (
  results: Pick<ResultStore, 'find' | 'lastOf'>,
  reference: string,
): RecordedScan | string => {
  const last = results.lastOf(reference);
  if (last === undefined) return 'no complete scan of it is on record; scan it with `gts host scan` first';
  if (argumentsOf(last).some(isFilterArgument))
    return 'its last result was not kept whole by an earlier version; scan it again with `gts host scan`';
  const stored = results.find(last.key);
  if (stored?.scan.coverage === last.coverage) return { last, findings: stored.scan.findings };
  return whyNotAcceptable(last) ?? 'its last result is not kept any more; scan it again with `gts host scan`';
};

const ExtraArguments = z.array(z.string());

const argumentsOf = ({ key }: LastScan): string[] => ExtraArguments.parse(JSON.parse(key.options));

/** What is listed of a scan: by severity, and by those of the extra arguments that only leave findings out. */
export interface RecordFilter {
  readonly severities: readonly Severity[];
  readonly extraArgs: readonly string[];
}

/** What a scan was made with, and what of it is listed. */
export const filterOf = ({ last }: RecordedScan, { severities, extraArgs }: RecordFilter): FindingFilter => ({
  severities: [...severities],
  extra_args: [...argumentsOf(last), ...filterArguments(extraArgs)].toSorted(byFlag),
});

/** The uses of one flag keep their order. */
const byFlag = (a: string, b: string): number => {
  const [flagA = '', flagB = ''] = [a, b].map((argument) => argument.split('=', 1)[0]);
  return flagA < flagB ? -1 : flagA > flagB ? 1 : 0;
};

/** What a scan says beyond a baseline; `at` is ISO 8601. */
export const compareWithBaseline = (
  baseline: Baseline,
  { last, findings }: RecordedScan,
  filter: FindingFilter,
  at: string,
): Comparison =>
  compareWithKnown(knownOfBaseline(baseline), {
    outcome: { status: 'complete', coverage: last.coverage, findings },
    circumstances: {
      imageId: last.imageId,
      content: last.key.content,
      databaseGeneration: last.key.databaseGeneration,
      trivyVersion: last.key.trivyVersion,
      filter,
    },
    databaseStale: last.databaseStale,
    at,
  });

/** A baseline by the keys of today, so that what is said of a finding stays with it when its package is renamed. */
export const withKeysOfToday = (baseline: Baseline, comparison: Comparison): Baseline => {
  if (comparison.status === 'not_comparable') return baseline;
  const moved = new Map(comparison.moved.map(({ from, to }) => [from.key, to.key]));
  const findings = baseline.findings.map((finding) => ({ ...finding, key: moved.get(finding.key) ?? finding.key }));
  return { ...baseline, findings };
};
