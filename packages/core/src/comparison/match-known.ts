import { compareFindings, type Finding } from '../model/finding.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { isExpired, type KnownFinding, worseSeverity } from './known-finding.ts';

/** One finding a key: the worst of its duplicates, whatever their order. */
export const foldDuplicates = (findings: Iterable<Finding>): Map<string, Finding> => {
  const unique = new Map<string, Finding>();
  for (const finding of findings) {
    const other = unique.get(finding.key);
    if (other === undefined || compareFindings(finding, other) < 0) unique.set(finding.key, finding);
  }
  return unique;
};

/** The worst of what is known twice. */
export const foldKnown = (findings: readonly KnownFinding[]): KnownFinding[] => {
  const unique = new Map<string, KnownFinding>();
  for (const finding of findings) {
    const other = unique.get(finding.key);
    const severity = worseSeverity(finding.severity, other?.severity ?? null);
    unique.set(finding.key, severity === finding.severity ? finding : { ...finding, severity });
  }
  return [...unique.values()];
};

export interface MatchedFindings {
  readonly present: Map<string, { readonly finding: Finding; readonly listed: boolean }>;
  /** Listed and not known. */
  readonly strange: Finding[];
  readonly strangeUnlisted: Finding[];
  readonly expired: Finding[];
  readonly raised: { readonly finding: Finding; readonly from: Severity }[];
  readonly fixAvailable: Finding[];
}

/** Looks up every finding of a scan among the known ones. */
export const matchKnown = (
  known: readonly KnownFinding[],
  found: ReadonlyMap<string, Finding>,
  listed: ReadonlySet<Severity>,
  at: string,
): MatchedFindings => {
  const byKey = new Map(known.map((finding) => [finding.key, finding]));
  const anywhere = new Map(
    known.filter((finding) => finding.package === null).map((finding) => [finding.vulnerability, finding]),
  );
  const result: MatchedFindings = {
    present: new Map(),
    strange: [],
    strangeUnlisted: [],
    expired: [],
    raised: [],
    fixAvailable: [],
  };
  for (const finding of [...found.values()].toSorted(compareFindings)) {
    const isListed = listed.has(finding.severity);
    const match = byKey.get(finding.key) ?? anywhere.get(finding.vulnerability);
    if (match === undefined) {
      (isListed ? result.strange : result.strangeUnlisted).push(finding);
      continue;
    }
    const before = result.present.get(match.key);
    if (before === undefined || (isListed && !before.listed))
      result.present.set(match.key, { finding, listed: isListed });
    if (isListed) matchListed(match, finding, at, result);
  }
  return result;
};

const matchListed = (known: KnownFinding, finding: Finding, at: string, result: MatchedFindings): void => {
  if (isExpired(known, at)) {
    result.expired.push(finding);
    return;
  }
  if (known.severity === null) return;
  if (compareSeverity(finding.severity, known.severity) > 0) result.raised.push({ finding, from: known.severity });
  if (known.fixed === null && finding.fixed !== null) result.fixAvailable.push(finding);
};
