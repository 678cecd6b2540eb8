import type { TagCandidate } from './tag-candidate.ts';
import { compareVersionNumbers, parseVersionTag, type VersionTag } from './version-tag.ts';

/** A tag that reads as a version. */
export interface Version extends VersionTag {
  readonly tag: TagCandidate;
}

/** What was pushed so long before something is of another time. */
export const LONG_BEFORE_MILLISECONDS = 365 * 24 * 3_600_000;

// The variants of one release are pushed one after the other, over some hours.
const ONE_RELEASE_MILLISECONDS = 24 * 3_600_000;

export const asVersion = (tag: TagCandidate): Version[] => {
  const version = parseVersionTag(tag.name);
  return version === null ? [] : [{ ...version, tag }];
};

/** The newest version of those clusters that were pushed last, the plainest of them first. */
export const newestOf = (versions: readonly Version[]): TagCandidate | undefined => {
  const newest = newestClusters(versions);
  const nearest = highest(newest.map(({ distance }) => -distance));
  const alike = newest.filter(({ distance }) => distance === -nearest);
  return firstOf(withoutOtherScheme(alike), latestFirst)?.tag;
};

/** The most precise version, the plainest of these first. */
export const mostPreciseOf = (versions: readonly Version[]): TagCandidate | undefined =>
  firstOf(versions, mostPreciseFirst)?.tag;

export const lastPushedOf = (tags: readonly TagCandidate[]): TagCandidate | undefined => firstOf(tags, byPushAndName);

/** Versions written the same way belong together; a cluster is as new as its newest push. */
const newestClusters = (versions: readonly Version[]): Version[] => {
  const clusters = Map.groupBy(versions, ({ prefix, numbers, suffix }) => `${prefix}|${numbers.length}|${suffix}`);
  const dated = [...clusters.values()].map((members) => ({
    members: withoutSlips(members),
    pushed: lastPushIn(members),
  }));
  const newest = highest(dated.map(({ pushed }) => pushed));
  return dated.filter(({ pushed }) => newest - pushed <= ONE_RELEASE_MILLISECONDS).flatMap(({ members }) => members);
};

/** Without the versions that were pushed long before a lower one: somebody once counted otherwise, or mistyped. */
const withoutSlips = (members: readonly Version[]): Version[] => {
  const kept: Version[] = [];
  let lastPush = Number.NEGATIVE_INFINITY;
  let lastPushOfLower = lastPush;
  let before: Version | undefined;
  for (const version of members.toSorted((a, b) => compareVersionNumbers(a.numbers, b.numbers))) {
    const { pushed } = version.tag;
    if (before === undefined || compareVersionNumbers(before.numbers, version.numbers) !== 0)
      lastPushOfLower = lastPush;
    before = version;
    if (pushed === null || lastPushOfLower - pushed < LONG_BEFORE_MILLISECONDS) kept.push(version);
    lastPush = Math.max(lastPush, pushed ?? lastPush);
  }
  return kept;
};

/** Years are no releases where releases are counted too, unless counting went over to years long ago. */
const withoutOtherScheme = (versions: readonly Version[]): readonly Version[] => {
  const years = versions.filter(({ isCalendar }) => isCalendar);
  const releases = versions.filter(({ isCalendar }) => !isCalendar);
  if (years.length === 0 || releases.length === 0) return versions;
  const lastRelease = lastPushIn(releases);
  return lastRelease > 0 && lastPushIn(years) - lastRelease >= LONG_BEFORE_MILLISECONDS ? years : releases;
};

const lastPushIn = (versions: readonly Version[]): number => highest(versions.map(({ tag }) => tag.pushed ?? 0));

/** Not by spreading them over arguments, of which there may be too many. */
const highest = (numbers: readonly number[]): number =>
  numbers.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);

const firstOf = <Item>(items: readonly Item[], compare: (a: Item, b: Item) => number): Item | undefined => {
  let [first] = items;
  for (const item of items) if (first === undefined || compare(item, first) < 0) first = item;
  return first;
};

const mostPreciseFirst = (a: Version, b: Version): number =>
  b.numbers.length - a.numbers.length || a.distance - b.distance || latestFirst(a, b);

const latestFirst = (a: Version, b: Version): number =>
  compareVersionNumbers(b.numbers, a.numbers) || byPushAndName(a.tag, b.tag);

const byPushAndName = (a: TagCandidate, b: TagCandidate): number =>
  (b.pushed ?? 0) - (a.pushed ?? 0) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1);
