import { foldDuplicates } from '../comparison/match-known.ts';
import { anyPackageKey, hasEnded } from '../comparison/known-finding.ts';
import { listedBy } from '../comparison/listing.ts';
import type { FindingFilter } from '../documents/host-scan-document.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import { type Acceptances, isHeldBy } from './acceptances.ts';
import { type AcceptedFinding, type Baseline, BASELINE_SCHEMA } from './baseline.ts';

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
  /** What was accepted beside, by rules: a finding that one of them accepts keeps that one's terms. */
  readonly byRules?: Acceptances | null;
  /** Said of every finding; without it a finding keeps what was said of it before. */
  readonly reason?: string | null;
  readonly expires?: string | null;
}

/** Why a scan cannot be accepted, or null when it can. */
export const whyNotAcceptable = (scan: Pick<AcceptableScan, 'coverage' | 'databaseStale'>): string | null => {
  if (scan.coverage === 'partial')
    return 'a part of the image could not be judged; accept single findings of it: gts accept CVE --image REFERENCE';
  return scan.databaseStale ? 'the vulnerability database is too old' : null;
};

/** The baseline that accepts everything a scan lists. Ask {@link whyNotAcceptable} first. */
export const acceptScan = (scan: AcceptableScan, acceptance: Acceptance): Baseline => {
  const before = new Map(acceptance.before?.findings.map((accepted) => [accepted.key, accepted]));
  const listed = scan.findings.filter(listedBy(scan.filter));
  const { before: earlier = null } = acceptance;
  return {
    ...earlier,
    schema: BASELINE_SCHEMA,
    reference: scan.reference,
    image_id: scan.imageId,
    content: scan.content ?? null,
    saved_at: acceptance.at,
    whole: null,
    coverage: scan.coverage,
    filter: {
      ...earlier?.filter,
      severities: [...scan.filter.severities],
      extra_args: [...scan.filter.extra_args],
    },
    findings: [...foldDuplicates(listed).values()]
      .map((finding) => accept(finding, acceptance, before))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  };
};

const accept = (
  finding: Finding,
  { at, reason = null, expires = null, byRules = null }: Acceptance,
  before: ReadonlyMap<string, AcceptedFinding>,
): AcceptedFinding => {
  const line = before.get(finding.key) ?? before.get(anyPackageKey(finding.vulnerability));
  const held = line !== undefined && !hasEnded(endOf(line), finding, at);
  const earlier = held ? line : ruleAsLine(byRules, finding, at);
  return {
    ...earlier,
    key: finding.key,
    package: finding.package,
    severity: finding.severity,
    fixed: finding.fixed,
    since: earlier?.since ?? at,
    expires: expires ?? earlier?.expires ?? null,
    reason: reason ?? earlier?.reason ?? null,
  };
};

const endOf = ({ expires, until_fix: untilFix }: AcceptedFinding): { expires: string | null; untilFix: boolean } => ({
  expires,
  untilFix: untilFix === true,
});

/** The line of the reference's own that says what a rule in force says of a finding. */
const ruleAsLine = (
  byRules: Acceptances | null,
  finding: Finding,
  at: string,
): Pick<AcceptedFinding, 'since' | 'expires' | 'reason' | 'owner' | 'until_fix'> | undefined => {
  const terms = byRules?.of(finding, at);
  if (terms === undefined || !isHeldBy(terms, finding, at)) return undefined;
  const { since, expires, reason, owner, untilFix } = terms;
  return { since, expires, reason, ...(owner !== null && { owner }), ...(untilFix && { until_fix: true }) };
};
