import { foldDuplicates } from '../comparison/match-known.ts';
import { anyPackageKey, hasEnded } from '../comparison/known-finding.ts';
import { listedBy } from '../comparison/listing.ts';
import type { FindingFilter } from '../documents/host-scan-document.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import { type Acceptances, acceptancesOf, isHeldBy } from './acceptances.ts';
import { type AcceptedFinding, type Baseline, BASELINE_SCHEMA } from './baseline.ts';
import type { AcceptanceRule } from './rules.ts';

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
  /** What is accepted in every reference: where no line was, a finding keeps what they say of it. */
  readonly rules?: readonly AcceptanceRule[];
  /** Said of every finding; without it a finding keeps what was said of it before. */
  readonly reason?: string | null;
  readonly expires?: string | null;
}

/** Why a scan cannot be accepted, or null when it can. */
export const whyNotAcceptable = (scan: Pick<AcceptableScan, 'coverage' | 'databaseStale'>): string | null => {
  if (scan.coverage === 'partial') return 'its scan could judge a part of the image only';
  return scan.databaseStale ? 'the vulnerability database is too old' : null;
};

/** The baseline that accepts everything a scan lists. Ask {@link whyNotAcceptable} first. */
export const acceptScan = (scan: AcceptableScan, acceptance: Acceptance): Baseline => {
  const before = new Map(acceptance.before?.findings.map((accepted) => [accepted.key, accepted]));
  const rules = acceptancesOf(scan.reference, null, acceptance.rules ?? []);
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
      .map((finding) => accept(finding, acceptance, before, rules))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  };
};

const accept = (
  finding: Finding,
  { at, reason = null, expires = null }: Acceptance,
  before: ReadonlyMap<string, AcceptedFinding>,
  rules: Acceptances,
): AcceptedFinding => {
  const line = before.get(finding.key) ?? before.get(anyPackageKey(finding.vulnerability));
  const earlier = line === undefined ? byRule(finding, rules, at) : hasEnded(endOf(line), finding, at) ? null : line;
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

/** What a rule that holds says of a finding. */
const byRule = (
  finding: Finding,
  rules: Acceptances,
  at: string,
): Pick<AcceptedFinding, 'since' | 'expires' | 'reason' | 'owner' | 'until_fix'> | null => {
  const terms = rules.of(finding, at);
  if (terms === undefined || !isHeldBy(terms, finding, at)) return null;
  const { since, expires, reason, owner, untilFix } = terms;
  return { since, expires, reason, owner, until_fix: untilFix ? true : null };
};
