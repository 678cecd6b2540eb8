import type { Finding } from '../model/finding.ts';
import { type Severity } from '../model/severity.ts';
import { scannedAlike } from './circumstances.ts';
import { type KnownFinding, parseFindingKey } from './known-finding.ts';
import { type ListedForm, listedBy } from './listing.ts';
import type { MatchedFindings } from './match-known.ts';
import type { KnownSide, ScannedSide } from './sides.ts';
import type { UnlistedHistory } from './unlisted-history.ts';

export interface LeftFinding {
  readonly known: KnownFinding;
  /** What took it out of the list: a setting, or what is said of it now. */
  readonly by: 'setting' | 'severity' | 'status';
  /** As it is found now; null where other arguments hide it. */
  readonly now: Finding | null;
}

/** Whether the scan would have found it as the one that did: no other arguments hide it. */
export const wouldBeFound = (finding: KnownFinding, known: KnownSide, scan: ScannedSide): boolean => {
  const foundWith = finding.foundWith ?? known.circumstances.filter?.extra_args;
  return foundWith === undefined || scannedAlike(foundWith, scan.circumstances.filter.extra_args);
};

/** Whether the filter lists it as people know it. */
export const isLookedFor = ({ severity, status }: KnownFinding, { circumstances }: ScannedSide): boolean => {
  if (severity === null) return true;
  if (status !== null) return listedBy(circumstances.filter)({ severity, status });
  return circumstances.filter.severities.includes(severity);
};

/**
 * Whether an absent finding can be the one that came under another key. What a partial scan leaves out are files of
 * languages; and what other arguments have hidden since an earlier pass is hidden still.
 */
export const mayHaveMoved = ({ path, foundWith }: KnownFinding, scan: ScannedSide): boolean =>
  (path === null || (scan.outcome.status === 'complete' && scan.outcome.coverage !== 'partial')) &&
  (foundWith === null || scannedAlike(foundWith, scan.circumstances.filter.extra_args));

/** What is known and not listed any more, as of this scan, though nothing says that it is gone. */
export const leftFilter = (known: KnownSide, scan: ScannedSide, { present }: MatchedFindings): LeftFinding[] => {
  const before = known.circumstances.filter;
  const wasListed = before === null ? () => true : listedBy(before);
  return known.findings.flatMap((finding): LeftFinding[] => {
    if (finding.outside || finding.foundWith !== null) return [];
    const found = present.get(finding.key);
    if (found !== undefined) {
      if (found.listed) return [];
      const now = found.finding;
      if (before !== null && wasListed(now)) return [{ known: finding, by: 'setting', now }];
      const bySeverity = !scan.circumstances.filter.severities.includes(now.severity);
      return [{ known: finding, by: bySeverity ? 'severity' : 'status', now }];
    }
    const differentArguments =
      before !== null && !scannedAlike(before.extra_args, scan.circumstances.filter.extra_args);
    return differentArguments ? [{ known: finding, by: 'setting', now: null }] : [];
  });
};

/** How a finding was while it was there and not listed, whatever its package was called then. */
export const formerHistories = (
  unlisted: KnownSide['unlisted'],
  found: ReadonlyMap<string, Finding>,
): ((finding: Finding) => UnlistedHistory | undefined) => {
  const gone = new Map<string, UnlistedHistory>();
  for (const [key, history] of unlisted ?? []) {
    const vulnerability = found.has(key) ? undefined : parseFindingKey(key)?.vulnerability;
    if (vulnerability !== undefined) gone.set(vulnerability, history);
  }
  return ({ key, vulnerability, aliases = [] }) =>
    unlisted?.get(key) ??
    [vulnerability, ...aliases].map((id) => gone.get(id)).find((history) => history !== undefined);
};

/** What is to be made of a finding that is listed and was not known. */
export interface Arrival {
  /** Only a setting lists it: it was there before, or nobody can say. */
  readonly bySetting: boolean;
  /** The severity that kept it out of the list. */
  readonly formerly: Severity | null;
}

/** Under whatever name of its package it is found. */
const wasTakenBack = ({ key, vulnerability, aliases = [] }: Finding, { takenBack }: KnownSide): boolean =>
  takenBack.size > 0 && [key, vulnerability, ...aliases].some((name) => takenBack.has(name));

/**
 * Holds findings that are not known against the last scan whose filter would have listed them as they are now. Was one not
 * there then, or not so that it was listed, then it is news, whatever narrower looks were taken since; without such a scan
 * only what is different from the last one is.
 */
export const arrivalJudge = (
  known: KnownSide,
  scan: ScannedSide,
): ((finding: Finding, history: UnlistedHistory | undefined) => Arrival) => {
  const before = known.circumstances.filter;
  if (before === null) return () => NEWS;
  const { filter } = scan.circumstances;
  const noted = known.listings.filter((listing) => scannedAlike(listing.filter.extra_args, filter.extra_args));
  const alike =
    noted.length === 0 && scannedAlike(before.extra_args, filter.extra_args)
      ? [{ filter: before, at: '', scan: 'whole' as const }]
      : noted;
  const looks = alike.map((listing) => ({ ...listing, isListed: listedBy(listing.filter) }));
  const isListed = listedBy(filter);
  return (finding, history) => {
    if (wasTakenBack(finding, known)) return NEWS;
    if (looks.length === 0) return { bySetting: true, formerly: null };
    const wouldHave = looks.findLast(
      (look) => (look.scan === 'whole' || (look.scan === 'partial' && finding.path === null)) && look.isListed(finding),
    );
    if (history === undefined) return { bySetting: known.unlisted === null && wouldHave === undefined, formerly: null };
    const then: ListedForm | null = wouldHave === undefined ? history.last : history.at(wouldHave.at);
    const listedThen = then !== null && (wouldHave?.isListed ?? isListed)(then);
    return { bySetting: listedThen, formerly: (then ?? history.last).severity };
  };
};

const NEWS: Arrival = { bySetting: false, formerly: null };
