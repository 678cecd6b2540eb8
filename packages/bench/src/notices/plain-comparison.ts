import type { Finding, Pass, Severity } from '@scanner/core';

/** What a script looks at in a finding. */
export type PlainFinding = Pick<Finding, 'key' | 'severity' | 'fixed'>;

/** What a script keeps: by reference, all findings as they are. */
export type PlainState = Readonly<Record<string, readonly Finding[]>>;

/** Keys, sorted. */
export interface PlainChanges {
  readonly new: readonly string[];
  readonly resolved: readonly string[];
  readonly severity_raised: readonly string[];
  readonly fix_available: readonly string[];
}

const RANK: Readonly<Record<Severity, number>> = { UNKNOWN: 0, LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4 };

/** What everybody writes first: two tables by key, and what is in one only. */
export function comparePlainly(before: readonly PlainFinding[], now: readonly PlainFinding[]): PlainChanges {
  const old = new Map(before.map((finding) => [finding.key, finding]));
  const present = new Set(now.map(({ key }) => key));
  const keysWhere = (isChange: (finding: PlainFinding, known: PlainFinding | undefined) => boolean): string[] =>
    now
      .filter((finding) => isChange(finding, old.get(finding.key)))
      .map(({ key }) => key)
      .toSorted();
  return {
    new: keysWhere((_, known) => known === undefined),
    resolved: before.flatMap(({ key }) => (present.has(key) ? [] : [key])).toSorted(),
    severity_raised: keysWhere(
      (finding, known) => known !== undefined && RANK[finding.severity] > RANK[known.severity],
    ),
    fix_available: keysWhere((finding, known) => known?.fixed === null && finding.fixed !== null),
  };
}

export function plainState({ images }: Pick<Pass, 'images'>): PlainState {
  return Object.fromEntries(
    images.flatMap(({ references, outcome }) =>
      outcome.status === 'complete' ? references.map((reference) => [reference, outcome.findings]) : [],
    ),
  );
}
