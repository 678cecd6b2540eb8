import { foldDuplicates } from '../comparison/match-known.ts';
import { listedBy } from '../comparison/listing.ts';
import type { BaselineDifference } from '../documents/baseline-documents.ts';
import type { FindingFilter } from '../documents/host-scan-document.ts';
import { compareFindings, type Finding } from '../model/finding.ts';
import { compareSeverity } from '../model/severity.ts';
import { type Acceptances, acceptancesOf, isHeldBy, keysHeldBy } from './acceptances.ts';
import type { Baseline } from './baseline.ts';
import { compareWithBaseline, type RecordedScan, withKeysOfToday } from './recorded-scan.ts';
import type { AcceptanceRule } from './rules.ts';

/** Everything that accepts findings of a reference. */
export interface AcceptedOfReference {
  readonly reference: string;
  readonly file: string;
  readonly baseline: Baseline;
  readonly rules: readonly AcceptanceRule[];
}

/**
 * What a scan says beyond what is accepted, or why that cannot be said. Of single acceptances only what has ended is new:
 * they say nothing of the rest, which is not accepted.
 *
 * @param at now, ISO 8601
 */
export const differenceOf = (
  { reference, file, baseline, rules }: AcceptedOfReference,
  scan: RecordedScan,
  filter: FindingFilter,
  at: string,
): BaselineDifference | string => {
  const compared = compareWithBaseline(baseline, scan, filter, at);
  if (compared.status === 'not_comparable') return compared.reason.message;
  const isListed = listedBy(filter);
  const listed = [...foldDuplicates(scan.findings, isListed).values()].filter(isListed);
  const acceptances = acceptancesOf(reference, withKeysOfToday(baseline, compared), rules);
  const held = keysHeldBy(acceptances, listed, at);
  const notAccepted = listed.filter(({ key }) => !held.has(key)).toSorted(compareFindings);
  const whole = baseline.whole !== false;
  const raised = whole ? compared.severityRaised : raisedAbove(acceptances, notAccepted, at);
  const raisedKeys = new Set(raised.map(({ finding }) => finding.key));
  return {
    reference,
    file,
    image_id: scan.last.imageId,
    scanned_at: scan.last.scannedAt,
    causes: [...compared.causes],
    withheld: compared.withheld,
    whole,
    new: whole
      ? compared.new.map(({ finding }) => finding).filter(({ key }) => !held.has(key))
      : notAccepted.filter((finding) => acceptances.of(finding, at) !== undefined && !raisedKeys.has(finding.key)),
    not_accepted: notAccepted,
    resolved: compared.resolved.map(({ key }) => key),
    severity_raised: [...raised],
    fix_available: [...compared.fixAvailable],
    joined: compared.joined.filter(({ key }) => !held.has(key)),
  };
};

/** What is worse now than it was accepted, by a line or a rule that has not ended. */
const raisedAbove = (
  acceptances: Acceptances,
  notAccepted: readonly Finding[],
  at: string,
): BaselineDifference['severity_raised'] =>
  notAccepted.flatMap((finding) => {
    const terms = acceptances.of(finding, at);
    const from = terms?.severity ?? null;
    if (terms === undefined || from === null || compareSeverity(finding.severity, from) <= 0) return [];
    return isHeldBy(terms, { ...finding, severity: from }, at) ? [{ finding, from }] : [];
  });
