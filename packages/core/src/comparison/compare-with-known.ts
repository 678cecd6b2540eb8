import type { Failure } from '../model/failure.ts';
import { compareFindings, type Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { type Cause, causesBetween, type Circumstances, orderCauses, sameArguments } from './circumstances.ts';
import { isExpired, type KnownFinding, parseFindingKey } from './known-finding.ts';
import { type MovedFinding, pairMoved } from './pair-moved.ts';

/** What people know of one reference, with what it was found under. */
export interface KnownSide {
  readonly findings: readonly KnownFinding[];
  /** Of the scan behind it; `null` where nobody recorded it. */
  readonly coverage: Coverage | null;
  /** Those of the scan that was compared last. */
  readonly circumstances: Circumstances;
  /** What that scan found and did not list, by key; `null` where that scan is not at hand. */
  readonly unlisted: ReadonlyMap<string, Severity> | null;
}

/** A scan that is compared with it: every finding, whatever its severity. */
export interface ScannedSide {
  readonly outcome:
    | { readonly status: 'complete'; readonly coverage: Coverage; readonly findings: readonly Finding[] }
    | { readonly status: 'failed'; readonly reason: Failure };
  readonly circumstances: Circumstances & { readonly filter: NonNullable<Circumstances['filter']> };
  readonly databaseStale: boolean;
  /** When acceptances are held against the clock; ISO 8601. */
  readonly at: string;
}

/** Why a comparison calls nothing resolved. */
export type WithheldReason = 'partial' | 'database_stale' | 'coverage_differs';

export interface NewFinding {
  readonly finding: Finding;
  /** The severity that kept it out of the list before, when a raised one brought it in. */
  readonly raisedFrom: Severity | null;
  readonly causes: readonly Cause[];
}

export interface Compared {
  readonly status: 'compared';
  readonly new: readonly NewFinding[];
  /** Known and not found; empty while {@link withheld}. */
  readonly resolved: readonly KnownFinding[];
  readonly severityRaised: readonly { readonly finding: Finding; readonly from: Severity }[];
  readonly fixAvailable: readonly Finding[];
  readonly moved: readonly MovedFinding[];
  /** Not known, and listed only because a setting changed. */
  readonly joined: readonly Finding[];
  /** Known and not listed any more, though nothing says that they are gone. */
  readonly leftFilter: readonly { readonly known: KnownFinding; readonly cause: Cause }[];
  readonly withheld: WithheldReason | null;
  /** What changed since the scan before. */
  readonly causes: readonly Cause[];
  /** Which known findings were found, by their key, and how. */
  readonly present: ReadonlyMap<string, { readonly finding: Finding; readonly listed: boolean }>;
}

export type Comparison = Compared | { readonly status: 'not_comparable'; readonly reason: Failure };

/**
 * Compares what is known of a reference with a scan of it. What a failed scan would say is no comparison at all; a
 * partial one, one with a stale database and one that could judge less than the known scan still say what is new.
 */
export const compareWithKnown = (known: KnownSide, scan: ScannedSide): Comparison => {
  if (scan.outcome.status === 'failed') return { status: 'not_comparable', reason: scan.outcome.reason };
  const { coverage, findings } = scan.outcome;
  const listed = new Set(scan.circumstances.filter.severities);
  const causes = comparisonCauses(known, scan, coverage);
  const found = foldDuplicates(findings);
  const matched = matchKnown(known.findings, found, listed, scan.at);
  const formerly = matched.strange.length === 0 ? () => undefined : formerSeverities(known.unlisted, found);
  const absent = known.findings.filter((finding) => !matched.present.has(finding.key));
  const moved = findMoved(matched, absent, known, scan);
  const arrived = new Set(moved.map(({ to }) => to));
  const departed = new Set(moved.map(({ from }) => from));
  const withheld = withheldReason(known.coverage, coverage, scan.databaseStale);
  const strange = matched.strange.filter((finding) => !arrived.has(finding));
  const joined = strange.filter((finding) => broughtBySetting(finding, formerly(finding), known, scan));
  const bySetting = new Set(joined);
  return {
    status: 'compared',
    new: [
      ...[...matched.expired, ...endedWithMove(moved, scan)].map((finding) =>
        newFinding(finding, null, ['acceptance_expired']),
      ),
      ...strange
        .filter((finding) => !bySetting.has(finding))
        .map((finding) => newFinding(finding, formerly(finding) ?? null, causes)),
    ].toSorted((a, b) => compareFindings(a.finding, b.finding)),
    resolved:
      withheld === null ? absent.filter((finding) => isLookedFor(finding, known, scan) && !departed.has(finding)) : [],
    severityRaised: [...matched.raised, ...raisedWithMove(moved, scan)],
    fixAvailable: matched.fixAvailable,
    moved,
    joined,
    leftFilter: leftFilter(known, scan, matched),
    withheld,
    causes,
    present: matched.present,
  };
};

/** One finding a key: the worst of its duplicates, whatever their order. */
export const foldDuplicates = (findings: Iterable<Finding>): Map<string, Finding> => {
  const unique = new Map<string, Finding>();
  for (const finding of findings) {
    const other = unique.get(finding.key);
    if (other === undefined || compareFindings(finding, other) < 0) unique.set(finding.key, finding);
  }
  return unique;
};

/** Pairs what came with what is absent: listed findings first, then those that came without being listed. */
const findMoved = (
  matched: MatchedFindings,
  absent: readonly KnownFinding[],
  { unlisted }: KnownSide,
  scan: ScannedSide,
): MovedFinding[] => {
  const candidates = absent.filter((finding) => mayHaveMoved(finding, scan));
  if (candidates.length === 0) return [];
  const listed = pairMoved(matched.strange, candidates);
  const departed = new Set(listed.map(({ from }) => from));
  const cameUnlisted = unlisted === null ? [] : matched.strangeUnlisted.filter(({ key }) => !unlisted.has(key));
  return [
    ...listed,
    ...pairMoved(
      cameUnlisted,
      candidates.filter((finding) => !departed.has(finding)),
    ),
  ];
};

/** A finding that moved is still accepted only until its acceptance ends. */
const endedWithMove = (moved: readonly MovedFinding[], { at, circumstances }: ScannedSide): Finding[] =>
  moved
    .filter(({ from, to }) => isExpired(from, at) && circumstances.filter.severities.includes(to.severity))
    .map(({ to }) => to);

const raisedWithMove = (
  moved: readonly MovedFinding[],
  { at, circumstances }: ScannedSide,
): Compared['severityRaised'][number][] =>
  moved.flatMap(({ from, to }) =>
    from.severity !== null &&
    compareSeverity(to.severity, from.severity) > 0 &&
    circumstances.filter.severities.includes(to.severity) &&
    !isExpired(from, at)
      ? [{ finding: to, from: from.severity }]
      : [],
  );

/**
 * Whether an absent finding can be the one that came under another key. What a partial scan leaves out are files of
 * languages; and what other arguments have hidden since an earlier pass is hidden still.
 */
const mayHaveMoved = ({ path, foundWith }: KnownFinding, scan: ScannedSide): boolean =>
  (path === null || (scan.outcome.status === 'complete' && scan.outcome.coverage !== 'partial')) &&
  (foundWith === null || sameArguments(foundWith, scan.circumstances.filter.extra_args));

interface MatchedFindings {
  readonly present: Map<string, { readonly finding: Finding; readonly listed: boolean }>;
  /** Listed and not known. */
  readonly strange: Finding[];
  readonly strangeUnlisted: Finding[];
  readonly expired: Finding[];
  readonly raised: { readonly finding: Finding; readonly from: Severity }[];
  readonly fixAvailable: Finding[];
}

const matchKnown = (
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

/** Whether the scan looked for it in the same way as the one that found it. */
const isLookedFor = (finding: KnownFinding, known: KnownSide, scan: ScannedSide): boolean => {
  const { severities, extra_args } = scan.circumstances.filter;
  if (finding.severity !== null && !severities.includes(finding.severity)) return false;
  const foundWith = finding.foundWith ?? known.circumstances.filter?.extra_args;
  return foundWith === undefined || sameArguments(foundWith, extra_args);
};

const leftFilter = (known: KnownSide, scan: ScannedSide, { present }: MatchedFindings): Compared['leftFilter'] => {
  const before = known.circumstances.filter;
  return known.findings.flatMap((finding) => {
    if (finding.outside || finding.foundWith !== null) return [];
    const found = present.get(finding.key);
    if (found !== undefined) {
      if (found.listed) return [];
      const bySeverity = before === null || before.severities.includes(found.finding.severity);
      return [{ known: finding, cause: bySeverity ? 'setting_changed' : 'severity_changed' }];
    }
    const differentArguments =
      before !== null && !sameArguments(before.extra_args, scan.circumstances.filter.extra_args);
    return differentArguments ? [{ known: finding, cause: 'setting_changed' }] : [];
  });
};

/** How severe a finding was when it was there and not listed, whatever its package was called then. */
const formerSeverities = (
  unlisted: KnownSide['unlisted'],
  found: ReadonlyMap<string, Finding>,
): ((finding: Finding) => Severity | undefined) => {
  const gone = new Map<string, Severity>();
  for (const [key, severity] of unlisted ?? []) {
    const vulnerability = found.has(key) ? undefined : parseFindingKey(key)?.vulnerability;
    if (vulnerability !== undefined) gone.set(vulnerability, severity);
  }
  return ({ key, vulnerability }) => unlisted?.get(key) ?? gone.get(vulnerability);
};

/**
 * Whether a setting alone lists a finding that is not known: it was there before and unlisted, or nobody can say,
 * since other arguments hid it or the baseline does not cover its severity.
 */
const broughtBySetting = (
  finding: Finding,
  formerSeverity: Severity | undefined,
  known: KnownSide,
  scan: ScannedSide,
): boolean => {
  const before = known.circumstances.filter;
  if (before === null) return false;
  if (!sameArguments(before.extra_args, scan.circumstances.filter.extra_args)) return true;
  if (before.severities.includes(finding.severity)) return false;
  if (known.unlisted === null) return true;
  return formerSeverity !== undefined && scan.circumstances.filter.severities.includes(formerSeverity);
};

const newFinding = (finding: Finding, unlistedAs: Severity | null, causes: readonly Cause[]): NewFinding => {
  const changed = unlistedAs !== null && unlistedAs !== finding.severity;
  return {
    finding,
    raisedFrom: changed && compareSeverity(finding.severity, unlistedAs) > 0 ? unlistedAs : null,
    causes: changed ? orderCauses([...causes, 'severity_changed']) : causes,
  };
};

const comparisonCauses = (known: KnownSide, scan: ScannedSide, coverage: Coverage): Cause[] => {
  const causes = causesBetween(known.circumstances, scan.circumstances);
  if (known.coverage !== null && known.coverage !== 'full' && known.coverage !== coverage)
    causes.push('coverage_changed');
  return orderCauses(causes);
};

const withheldReason = (known: Coverage | null, now: Coverage, databaseStale: boolean): WithheldReason | null => {
  if (now === 'partial') return 'partial';
  if (databaseStale) return 'database_stale';
  return now === 'full' || now === known ? null : 'coverage_differs';
};
