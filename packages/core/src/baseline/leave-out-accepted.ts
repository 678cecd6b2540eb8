import type { ImageReport } from '../documents/host-scan-document.ts';
import { countSeverities } from '../model/severity.ts';
import { acceptancesOf, isHeldBy } from './acceptances.ts';
import type { Baseline } from './baseline.ts';
import type { AcceptanceRule } from './rules.ts';

export interface WithoutAccepted {
  readonly report: ImageReport;
  /** How many findings were left out. */
  readonly accepted: number;
}

/**
 * The report without what is accepted. What became worse than it was accepted, and what was accepted until a day that is
 * over, or a fix that is there, stays.
 *
 * @param at now, ISO 8601
 * @param rules what is accepted in every reference; those for one reference count where the image is that one
 */
export const leaveOutAccepted = (
  report: ImageReport,
  baseline: Baseline | null,
  at: string,
  {
    rules = [],
    reference = report.references[0] ?? null,
  }: { readonly rules?: readonly AcceptanceRule[]; readonly reference?: string | null } = {},
): WithoutAccepted => {
  const acceptances = acceptancesOf(reference, baseline, rules);
  const findings = report.findings.filter((finding) => {
    const terms = acceptances.of(finding, at);
    return terms === undefined || !isHeldBy(terms, finding, at);
  });
  return {
    report: { ...report, findings, counts: countSeverities(findings) },
    accepted: report.findings.length - findings.length,
  };
};
