import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import { type Cause, sameArguments } from './circumstances.ts';
import { type KnownFinding, parseFindingKey } from './known-finding.ts';
import type { MatchedFindings } from './match-known.ts';
import type { KnownSide, ScannedSide } from './sides.ts';

export interface LeftFinding {
  readonly known: KnownFinding;
  readonly cause: Cause;
}

/** Whether the scan looked for it in the same way as the one that found it. */
export const isLookedFor = (finding: KnownFinding, known: KnownSide, scan: ScannedSide): boolean => {
  const { severities, extra_args } = scan.circumstances.filter;
  if (finding.severity !== null && !severities.includes(finding.severity)) return false;
  const foundWith = finding.foundWith ?? known.circumstances.filter?.extra_args;
  return foundWith === undefined || sameArguments(foundWith, extra_args);
};

/**
 * Whether an absent finding can be the one that came under another key. What a partial scan leaves out are files of
 * languages; and what other arguments have hidden since an earlier pass is hidden still.
 */
export const mayHaveMoved = ({ path, foundWith }: KnownFinding, scan: ScannedSide): boolean =>
  (path === null || (scan.outcome.status === 'complete' && scan.outcome.coverage !== 'partial')) &&
  (foundWith === null || sameArguments(foundWith, scan.circumstances.filter.extra_args));

/** What is known and not listed any more, as of this scan, though nothing says that it is gone. */
export const leftFilter = (known: KnownSide, scan: ScannedSide, { present }: MatchedFindings): LeftFinding[] => {
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
export const formerSeverities = (
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
export const broughtBySetting = (
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
