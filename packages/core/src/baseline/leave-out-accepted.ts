import type { ImageReport } from '../documents/host-scan-document.ts';
import { countSeverities } from '../model/severity.ts';
import type { Finding } from '../model/finding.ts';
import { acceptancesOf, type AcceptanceTerms, isHeldBy } from './acceptances.ts';
import type { Baseline } from './baseline.ts';
import type { AcceptanceRule } from './rules.ts';

/** A finding that is accepted now, and on what terms. */
export interface AcceptedNow {
  readonly finding: Finding;
  readonly terms: AcceptanceTerms;
}

export interface WithoutAccepted {
  readonly report: ImageReport;
  /** What was left out. */
  readonly accepted: readonly AcceptedNow[];
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
  const findings: Finding[] = [];
  const accepted: AcceptedNow[] = [];
  for (const finding of report.findings) {
    const terms = acceptances.of(finding, at);
    if (terms !== undefined && isHeldBy(terms, finding, at)) accepted.push({ finding, terms });
    else findings.push(finding);
  }
  return { report: { ...report, findings, counts: countSeverities(findings) }, accepted };
};
