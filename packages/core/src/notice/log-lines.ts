import type { Compared } from '../comparison/compare-with-known.ts';
import type { LeftFinding } from '../comparison/filter-changes.ts';
import type { KnownFinding } from '../comparison/known-finding.ts';
import { type ChangeGroup, changeMark, GROUP_LISTS, type GroupList } from './change-groups.ts';
import type { NoticeFinding } from './notice.ts';
import type { Settlement } from './settle-comparison.ts';
import type { ReferenceState } from './told-state.ts';

const WITHHELD = {
  partial: 'the scan could judge a part of the image only',
  database_stale: 'the vulnerability database is too old',
  coverage_differs: 'less of the image could be judged than when it was accepted',
} as const satisfies Record<NonNullable<Compared['withheld']>, string>;

/** What a comparison found that is not told: what left or joined the list, and why nothing counts as resolved. */
export const comparisonLines = ({ reference }: ReferenceState, compared: Compared): string[] => {
  const lines: string[] = [];
  if (compared.withheld !== null)
    lines.push(`${reference}: nothing counts as resolved, ${WITHHELD[compared.withheld]}`);
  const bySetting = compared.leftFilter.filter(({ by }) => by === 'setting');
  if (bySetting.length > 0)
    lines.push(`${reference}: ${bySetting.length} known findings are not listed any more, since a setting changed`);
  for (const left of compared.leftFilter)
    if (left.by !== 'setting') lines.push(`${reference}: ${named(left.known)} has left the filter, ${whyLeft(left)}`);
  for (const { from, to } of compared.returned) {
    const how = from.single === 'untold' ? 'is found and accepted already' : 'is found again and still accepted';
    lines.push(`${reference}: ${to.vulnerability} in ${to.package} ${how}`);
  }
  if (compared.joined.length > 0)
    lines.push(`${reference}: ${compared.joined.length} findings are listed since a setting changed`);
  return lines;
};

export const settlementLines = ({ reference }: ReferenceState, settlement: Settlement): string[] => {
  const { changes, moved, missed } = settlement;
  return [
    ...moved.map(({ from, to }) => `${reference}: ${from.vulnerability} moved from ${from.key} to ${to.key}`),
    ...missed.map((known) => `${reference}: ${named(known)} was not found; resolved when the next look agrees`),
    ...count(reference, changes.new, 'new'),
    ...count(reference, changes.resolved, 'resolved'),
    ...count(reference, changes.severityRaised, 'with a raised severity'),
    ...count(reference, changes.fixAvailable, 'with a fix now'),
  ];
};

/** What a notice is sent for. */
export const CHANGED_LISTS: readonly GroupList[] = ['new', 'severityRaised', 'resolved'];

const NAMED_AS = {
  new: 'new',
  severityRaised: 'raised',
  resolved: 'resolved',
  fixAvailable: 'with a fix now',
  joined: 'listed since a setting changed',
} as const satisfies Record<GroupList, string>;

/** A line for each finding that changed, with all references it changed for: what a shortened notice leaves out is here. */
export const changeLines = (groups: readonly ChangeGroup[], lists: readonly GroupList[] = GROUP_LISTS): string[] =>
  lists.flatMap((list) => linesOf(groups, list, NAMED_AS[list]));

/** The same of what is told again. */
export const repeatedLines = (groups: readonly ChangeGroup[]): string[] => [
  ...linesOf(groups, 'new', 'still not accepted'),
  ...linesOf(groups, 'resolved', 'still resolved'),
];

const linesOf = (groups: readonly ChangeGroup[], list: GroupList, what: string): string[] => {
  const changes = new Map<string, { readonly finding: NoticeFinding; readonly references: string[] }>();
  for (const { lists, references } of groups)
    for (const finding of lists[list]) {
      const mark = changeMark(list, finding);
      const change = changes.get(mark) ?? { finding, references: [] };
      change.references.push(...references);
      changes.set(mark, change);
    }
  return [...changes.values()].map(
    ({ finding, references }) => `${what}: ${findingInWords(finding)}: ${references.toSorted().join(', ')}`,
  );
};

const findingInWords = ({
  severity,
  vulnerability,
  package: name,
  path,
  installed,
  fixed,
  raisedFrom,
}: NoticeFinding): string =>
  [
    `${severity ?? 'UNKNOWN'} ${vulnerability} in ${name ?? 'any package'}`,
    ...(installed === null ? [] : [` ${installed}`]),
    ...(fixed === null ? [] : [` -> ${fixed}`]),
    ...(path === null ? [] : [`, in ${path}`]),
    ...(raisedFrom === null ? [] : [`, raised from ${raisedFrom}`]),
  ].join('');

const whyLeft = ({ by, known, now }: LeftFinding): string => {
  if (by === 'severity') return `its severity fell below ${known.severity}`;
  if (known.fixed !== null && now?.fixed === null) return 'its fix was withdrawn';
  return `its status is ${now?.status ?? 'unknown'} now`;
};

const count = (reference: string, items: readonly unknown[], what: string): string[] =>
  items.length === 0 ? [] : [`${reference}: ${items.length} ${what}`];

const named = (known: KnownFinding): string => `${known.vulnerability} in ${known.package ?? 'any package'}`;
