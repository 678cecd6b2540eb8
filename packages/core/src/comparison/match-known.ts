import { compareFindings, type Finding } from '../model/finding.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { hasEnded, type KnownFinding, worseSeverity } from './known-finding.ts';

/** One finding a key: the worst of its duplicates, whatever their order, and a listed one before any that is not. */
export const foldDuplicates = (
  findings: Iterable<Finding>,
  isListed: (finding: Finding) => boolean = () => true,
): Map<string, Finding> => {
  const unique = new Map<string, Finding>();
  for (const finding of findings) {
    const other = unique.get(finding.key);
    if (other === undefined || comesFirst(finding, other, isListed)) unique.set(finding.key, finding);
  }
  return unique;
};

const comesFirst = (finding: Finding, other: Finding, isListed: (finding: Finding) => boolean): boolean => {
  const more = Number(isListed(finding)) - Number(isListed(other));
  return more === 0 ? compareFindings(finding, other) < 0 : more > 0;
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
  isListed: (finding: Finding) => boolean,
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
    const listed = isListed(finding);
    const match =
      byKey.get(finding.key) ??
      [finding.vulnerability, ...(finding.aliases ?? [])]
        .map((id) => anywhere.get(id))
        .find((each) => each !== undefined);
    if (match === undefined) {
      (listed ? result.strange : result.strangeUnlisted).push(finding);
      continue;
    }
    const before = result.present.get(match.key);
    if (before === undefined || (listed && !before.listed)) result.present.set(match.key, { finding, listed });
    if (listed) matchListed(match, finding, at, result);
  }
  return result;
};

const matchListed = (known: KnownFinding, finding: Finding, at: string, result: MatchedFindings): void => {
  if (hasEnded(known, finding, at)) {
    result.expired.push(finding);
    return;
  }
  if (known.severity === null) return;
  if (compareSeverity(finding.severity, known.severity) > 0) result.raised.push({ finding, from: known.severity });
  if (known.fixed === null && finding.fixed !== null) result.fixAvailable.push(finding);
};
