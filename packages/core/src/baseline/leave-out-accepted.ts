import { anyPackageKey, isExpired } from '../comparison/known-finding.ts';
import type { ImageReport } from '../documents/host-scan-document.ts';
import { aliasKeys, type Finding } from '../model/finding.ts';
import { compareSeverity, countSeverities } from '../model/severity.ts';
import type { AcceptedFinding, Baseline } from './baseline.ts';

export interface WithoutAccepted {
  readonly report: ImageReport;
  /** How many findings were left out. */
  readonly accepted: number;
}

/**
 * The report without what its baseline accepts. What became worse than it was accepted, and what was accepted until a
 * day that is over, stays.
 *
 * @param at now, ISO 8601
 */
export const leaveOutAccepted = (report: ImageReport, baseline: Baseline, at: string): WithoutAccepted => {
  const accepted = new Map(baseline.findings.map((finding) => [finding.key, finding]));
  const findings = report.findings.filter((finding) => {
    const ids = [finding.vulnerability, ...(finding.aliases ?? [])];
    const keys = [finding.key, ...aliasKeys(finding), ...ids.map(anyPackageKey)];
    const acceptance = keys.map((key) => accepted.get(key)).find((line) => line !== undefined);
    return acceptance === undefined || !holds(acceptance, finding, at);
  });
  return {
    report: { ...report, findings, counts: countSeverities(findings) },
    accepted: report.findings.length - findings.length,
  };
};

const holds = (acceptance: AcceptedFinding, { severity, fixed }: Finding, at: string): boolean =>
  !isExpired(acceptance, at) &&
  !(acceptance.until_fix === true && fixed !== null) &&
  (acceptance.severity === null || compareSeverity(severity, acceptance.severity) <= 0);
