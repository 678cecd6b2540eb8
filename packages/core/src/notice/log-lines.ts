import type { Compared } from '../comparison/compare-with-known.ts';
import type { LeftFinding } from '../comparison/filter-changes.ts';
import type { KnownFinding } from '../comparison/known-finding.ts';
import { type ChangeGroup, changeMark, GROUP_LISTS, type GroupList } from './change-groups.ts';
import type { NoticeFinding } from './notice.ts';
import type { Settlement } from './settle-comparison.ts';
import { clip } from './shorten.ts';
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

/** How much of one pass goes into its log. */
export interface LogBounds {
  /** Characters of all lines about its changes, and as many again about its comparisons. */
  readonly characters: number;
  /** Characters of one line; what has more references goes on in the next. Less than a log cuts a line at. */
  readonly line: number;
}

/** Room for 25,000 changes of usual length; a full summary is put aside at 10 MiB. */
export const LOG_BOUNDS: LogBounds = { characters: 4_000_000, line: 1500 };

/** As many lines as there is room for, and how many were left out where there was not. */
export const boundLines = (
  lines: readonly string[],
  about: string,
  { characters }: Pick<LogBounds, 'characters'> = LOG_BOUNDS,
): readonly string[] => {
  let left = characters;
  const end = lines.findIndex((line) => (left -= line.length + 1) < 0);
  if (end === -1) return lines;
  const more = lines.length - end;
  return [
    ...lines.slice(0, end),
    `the list of ${about} ends here: ${more} more ${more === 1 ? 'line is' : 'lines are'} left out, since it would be longer than ${characters} characters`,
  ];
};

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
  return [...changes.values()].flatMap(({ finding, references }) => {
    const head = `${what}: ${clip(findingInWords(finding), LOG_BOUNDS.line / 2)}`;
    return chunks(references.toSorted(), LOG_BOUNDS.line - head.length).map((names) => `${head}: ${names}`);
  });
};

/** Names side by side, in texts of at most so many characters. */
const chunks = (names: readonly string[], characters: number): string[] => {
  const texts: string[] = [];
  for (const name of names) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + name.length + 2 <= characters) texts[texts.length - 1] = `${last}, ${name}`;
    else texts.push(name);
  }
  return texts;
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
