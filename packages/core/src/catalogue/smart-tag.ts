import type { TagDetails } from '../model/tool.ts';
import type { ChooseTag, TagChoice } from './tag-choice.ts';
import { isImageTag } from './tag-names.ts';
import { compareVersionNumbers, isNoRelease, parseVersionTag, type VersionTag } from './version-tag.ts';

interface Version extends VersionTag {
  readonly tag: TagDetails;
}

const ANCHORS = ['latest', 'stable'] as const;
const PLAIN_NAMES = ['latest', 'stable', 'alpine'] as const;

// The variants of one release are pushed one after the other, over some hours.
const ONE_RELEASE_MILLISECONDS = 24 * 3_600_000;

/**
 * The most precise stable version that is the same image as `latest` or `stable`, else the newest stable version of
 * those pushed last; where there is no version, the plain names, then the last push. Ties do not depend on the order.
 */
export const chooseSmartTag =
  (platform: string): ChooseTag =>
  (names, known) => {
    const details = new Map(known().map((tag) => [tag.name, tag]));
    const tags = names.map((name) => details.get(name) ?? onlyNamed(name));
    return sameImageAsAnchor(tags, platform) ?? choiceOf(releasesFor(platform, tags));
  };

const choiceOf = (releases: readonly TagDetails[]): TagChoice | null =>
  newestVersion(releases.flatMap(asVersion)) ?? plainName(releases) ?? newestPush(releases) ?? null;

const releasesFor = (platform: string, tags: readonly TagDetails[]): TagDetails[] =>
  tags.filter((tag) => isImageTag(tag.name) && !isNoRelease(tag.name) && mayCarry(tag, platform));

/** What is known of a tag of which only the name is known. */
const onlyNamed = (name: string): TagDetails => ({ name, digest: null, platforms: [], pushedAt: null });

const mayCarry = ({ platforms }: TagDetails, wanted: string): boolean =>
  platforms.length === 0 ||
  platforms.some((has) => has === wanted || has.startsWith(`${wanted}/`) || wanted.startsWith(`${has}/`));

const asVersion = (tag: TagDetails): Version[] => {
  const version = parseVersionTag(tag.name);
  return version === null ? [] : [{ ...version, tag }];
};

/** Looks closely at none but the tags of one image: most tools have such a version, and names take long to read. */
const sameImageAsAnchor = (tags: readonly TagDetails[], platform: string): TagChoice | undefined => {
  for (const anchor of ANCHORS) {
    const [named] = releasesFor(
      platform,
      tags.filter(({ name }) => name === anchor),
    );
    const digest = named?.digest ?? null;
    if (digest === null) continue;
    const same = releasesFor(
      platform,
      tags.filter((tag) => tag.digest === digest),
    );
    const best = firstOf(same.flatMap(asVersion), mostPreciseFirst);
    if (best !== undefined) return { tag: best.tag.name, rule: `same_digest_as_${anchor}` };
  }
  return undefined;
};

const newestVersion = (versions: readonly Version[]): TagChoice | undefined => {
  const newest = newestClusters(versions);
  const nearest = Math.min(...newest.map(({ distance }) => distance));
  const alike = newest.filter(({ distance }) => distance === nearest);
  const releases = alike.filter(({ isCalendar }) => !isCalendar);
  const best = firstOf(releases.length > 0 ? releases : alike, latestFirst);
  return best && { tag: best.tag.name, rule: 'newest_version' };
};

/** Versions written the same way belong together; a cluster is as new as its newest push. */
const newestClusters = (versions: readonly Version[]): Version[] => {
  const clusters = Map.groupBy(versions, ({ prefix, numbers, suffix }) => `${prefix}|${numbers.length}|${suffix}`);
  const dated = [...clusters.values()].map((members) => ({
    members,
    pushed: Math.max(...members.map(({ tag }) => pushedAt(tag))),
  }));
  const newest = Math.max(...dated.map(({ pushed }) => pushed));
  return dated.filter(({ pushed }) => newest - pushed <= ONE_RELEASE_MILLISECONDS).flatMap(({ members }) => members);
};

const plainName = (tags: readonly TagDetails[]): TagChoice | undefined => {
  const found = PLAIN_NAMES.find((name) => tags.some((tag) => tag.name === name));
  return found && { tag: found, rule: found };
};

const newestPush = (tags: readonly TagDetails[]): TagChoice | undefined => {
  const newest = firstOf(tags, byPushAndName);
  return newest && { tag: newest.name, rule: 'newest_push' };
};

const firstOf = <Item>(items: readonly Item[], compare: (a: Item, b: Item) => number): Item | undefined => {
  let [first] = items;
  for (const item of items) if (first === undefined || compare(item, first) < 0) first = item;
  return first;
};

const mostPreciseFirst = (a: Version, b: Version): number =>
  b.numbers.length - a.numbers.length || a.distance - b.distance || latestFirst(a, b);

const latestFirst = (a: Version, b: Version): number =>
  compareVersionNumbers(b.numbers, a.numbers) || byPushAndName(a.tag, b.tag);

const byPushAndName = (a: TagDetails, b: TagDetails): number =>
  pushedAt(b) - pushedAt(a) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1);

/** 0 where it is not known: finite, so that differences are numbers. */
const pushedAt = ({ pushedAt }: TagDetails): number => {
  const time = pushedAt === null ? Number.NaN : Date.parse(pushedAt);
  return Number.isFinite(time) ? time : 0;
};
