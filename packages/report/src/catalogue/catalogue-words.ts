import { type Coverage, type FailureCode, type SeverityCounts, type TagRule, type ToolStatus } from '@scanner/core';

import { adviseOn } from '../failure-advice.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { countOf, WORST_FIRST } from '../text/words.ts';
import type { Column } from '../table/columns.ts';
import type { Style } from '../table/style.ts';

/** What can be done about a tool that has no result; `null` when there is nothing to do. */
export const adviseOnTool = (code: FailureCode): string | null => TOOL_ADVICE[code] ?? adviseOn(code);

const TOOL_ADVICE: Partial<Record<FailureCode, string>> = {
  not_found: 'scrape its namespace again with --refresh: the tag may be gone',
  bad_reference: 'nothing can be scanned under that name',
  too_large: 'scan it by itself with `gts image` on a machine that has room for it',
  engine_unreachable: 'check the way to the registry; there is no local engine to fall back on',
};

/** Why a tag was chosen; a rule that is not known stands for itself. */
export const ruleInWords = (rule: string): string =>
  isKnownRule(rule) ? RULES[rule] : `by the rule ${sanitizeForTerminal(rule)}`;

const isKnownRule = (rule: string): rule is TagRule => Object.hasOwn(RULES, rule);

const RULES: Readonly<Record<TagRule, string>> = {
  stable: '`stable` goes before all others',
  latest: '`latest` is next where there is no `stable`',
  alpine: '`alpine` is next where there is neither `stable` nor `latest`',
  first: "the first in Docker Hub's order, where there is no `stable`, `latest` or `alpine`",
  default: 'no tag is known, so that of --tag is taken',
  same_digest_as_latest: 'the most precise version that is the same image as `latest`',
  same_digest_as_stable: 'the most precise version that is the same image as `stable`',
  latest_itself: '`latest` itself, since none of the known tags is a stable version of the same image',
  stable_itself: '`stable` itself, since none of the known tags is a stable version of the same image',
  newest_version: 'the newest stable version',
  newest_version_old_anchor:
    'the newest stable version, since `latest` or `stable` was pushed a year or more before it',
  newest_version_unstable_anchor:
    'the newest stable version, since `latest` or `stable` is the same image as a pre-release',
  newest_push: 'the image that was pushed last, where no tag is a version',
};

/** `ok` only where everything could be judged, by a database that was not too old; else what keeps one from saying so. */
export const statusInWords = (
  status: ToolStatus,
  {
    coverage,
    db_stale: stale = false,
  }: { readonly coverage: Coverage | null; readonly db_stale?: boolean | null | undefined },
): string => {
  const limit = coverage === null ? null : LIMITS[coverage];
  const told = limit === null ? status : status === 'vulnerable' ? `${status}, ${limit}` : limit;
  return stale === true ? `${told}, old database` : told;
};

const LIMITS: Readonly<Record<Coverage, string | null>> = {
  full: null,
  partial: 'partial',
  unsupported: 'unsupported',
  eol: 'end of life',
};

/** One column for each severity, worst first; numbers stand under each other. */
export const countColumns = (counts: ReadonlyArray<SeverityCounts | null>, style: Style): Column[] =>
  WORST_FIRST.map((severity) => ({
    ...numbers(
      HEADING[severity],
      counts.map((each) => (each === null ? '-' : String(countOf(each, severity)))),
    ),
    paint: (padded, row) => {
      const count = counts[row];
      return count === null || count === undefined || countOf(count, severity) === 0
        ? style.dim(padded)
        : style.severity(severity, padded);
    },
  }));

const HEADING = { CRITICAL: 'CRIT', HIGH: 'HIGH', MEDIUM: 'MED', LOW: 'LOW', UNKNOWN: '?' } as const;

/** A column whose cells are aligned at their ends, and never cut. */
export const numbers = (heading: string, cells: readonly string[]): Column => {
  const width = Math.max(heading.length, ...cells.map(({ length }) => length));
  return { heading: heading.padStart(width), cells: cells.map((cell) => cell.padStart(width)), least: width };
};

/** Enough of a digest to know it again. */
export const shortDigest = (digest: string | null): string =>
  digest === null ? '-' : sanitizeForTerminal(digest).slice(0, 'sha256:'.length + 12);

/** `12.9B`, `3.4M`, `870`. */
export const shortNumber = (count: number | null): string => {
  if (count === null) return '-';
  const [unit, size] = UNITS.find(([, least]) => count >= least) ?? ['', 1];
  return unit === '' ? String(count) : `${(count / size).toFixed(1)}${unit}`;
};

const UNITS = [
  ['B', 1e9],
  ['M', 1e6],
  ['K', 1e3],
] as const;
