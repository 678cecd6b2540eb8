import type { Failure } from '../model/failure.ts';
import { compareFindings, type Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { type Cause, causesBetween, orderCauses } from './circumstances.ts';
import {
  arrivalJudge,
  formerHistories,
  isLookedFor,
  leftFilter,
  type LeftFinding,
  mayHaveMoved,
  wouldBeFound,
} from './filter-changes.ts';
import { hasEnded, type KnownFinding } from './known-finding.ts';
import { listedBy } from './listing.ts';
import { foldDuplicates, foldKnown, type MatchedFindings, matchKnown } from './match-known.ts';
import { type MovedFinding, pairMoved } from './pair-moved.ts';
import { returnedUnderAcceptance } from './returned.ts';
import type { KnownSide, ScannedSide } from './sides.ts';

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
  /** Not found either, and the filter would not list it: told once it does. */
  readonly goneUnlisted: readonly KnownFinding[];
  readonly severityRaised: readonly { readonly finding: Finding; readonly from: Severity }[];
  readonly fixAvailable: readonly Finding[];
  readonly moved: readonly MovedFinding[];
  /** Not known, and listed only because a setting changed. */
  readonly joined: readonly Finding[];
  /** Told as gone, found again, and accepted still. */
  readonly returned: readonly MovedFinding[];
  /** These, and what came back and is not accepted any more: by which line it was. */
  readonly cameBack: readonly MovedFinding[];
  /** Known and not listed any more, though nothing says that they are gone. */
  readonly leftFilter: readonly LeftFinding[];
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
export const compareWithKnown = (given: KnownSide, scan: ScannedSide): Comparison => {
  if (scan.outcome.status === 'failed') return { status: 'not_comparable', reason: scan.outcome.reason };
  const { coverage, findings } = scan.outcome;
  const known = { ...given, findings: foldKnown(given.findings) };
  const isListed = listedBy(scan.circumstances.filter);
  const causes = comparisonCauses(known, scan, coverage);
  const found = foldDuplicates(findings, isListed);
  const matched = matchKnown(known.findings, found, isListed, scan.at);
  const absent = known.findings.filter((finding) => !matched.present.has(finding.key));
  const moved = findMoved(matched, absent, known, scan);
  const arrived = new Set(moved.map(({ to }) => to));
  const departed = new Set(moved.map(({ from }) => from));
  const withheld = withheldReason(known.coverage, coverage, scan.databaseStale);
  const gone =
    withheld === null ? absent.filter((finding) => wouldBeFound(finding, known, scan) && !departed.has(finding)) : [];
  const returned = returnedUnderAcceptance(
    [...matched.strange, ...matched.strangeUnlisted].filter((finding) => !arrived.has(finding)),
    known.acceptedGone,
    scan.at,
  );
  const back = new Set(returned.held.map(({ to }) => to));
  const ended = new Set(returned.ended);
  const strange = matched.strange.filter((finding) => !arrived.has(finding) && !back.has(finding));
  const historyOf = strange.length === 0 ? () => undefined : formerHistories(known.unlisted, found);
  const judge = arrivalJudge(known, scan);
  const arrivals = strange
    .filter((finding) => !ended.has(finding))
    .map((finding) => ({ finding, ...judge(finding, historyOf(finding)) }));
  return {
    status: 'compared',
    new: [
      ...[...matched.expired, ...endedWithMove(moved, scan), ...strange.filter((finding) => ended.has(finding))].map(
        (finding) => newFinding(finding, null, ['acceptance_expired']),
      ),
      ...arrivals
        .filter(({ bySetting }) => !bySetting)
        .map(({ finding, formerly }) => newFinding(finding, formerly, causes)),
    ].toSorted((a, b) => compareFindings(a.finding, b.finding)),
    resolved: gone.filter((finding) => isLookedFor(finding, scan)),
    goneUnlisted: gone.filter((finding) => !isLookedFor(finding, scan)),
    severityRaised: [...matched.raised, ...raisedWithMove(moved, scan)],
    fixAvailable: matched.fixAvailable,
    moved,
    joined: arrivals.filter(({ bySetting }) => bySetting).map(({ finding }) => finding),
    returned: returned.held,
    cameBack: returned.all.filter(({ to }) => back.has(to) || isListed(to)),
    leftFilter: leftFilter(known, scan, matched),
    withheld,
    causes,
    present: matched.present,
  };
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
  const cameUnlisted = matched.strangeUnlisted.filter(({ key }) => unlisted?.has(key) !== true);
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
  moved.filter(({ from, to }) => hasEnded(from, to, at) && listedBy(circumstances.filter)(to)).map(({ to }) => to);

const raisedWithMove = (
  moved: readonly MovedFinding[],
  { at, circumstances }: ScannedSide,
): Compared['severityRaised'][number][] =>
  moved.flatMap(({ from, to }) =>
    from.severity !== null &&
    compareSeverity(to.severity, from.severity) > 0 &&
    listedBy(circumstances.filter)(to) &&
    !hasEnded(from, to, at)
      ? [{ finding: to, from: from.severity }]
      : [],
  );

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
