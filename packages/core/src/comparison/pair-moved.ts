import type { Finding } from '../model/finding.ts';
import { type KnownFinding, parseFindingKey } from './known-finding.ts';

/** One vulnerability that changed its key: a package was renamed, or a path has a version in it. */
export interface MovedFinding {
  readonly from: KnownFinding;
  readonly to: Finding;
}

/**
 * Pairs what came with what went where it is the same vulnerability, one to one: within the same package first, then
 * in the order of the keys, so that both directions pair alike.
 */
export const pairMoved = (came: readonly Finding[], went: readonly KnownFinding[]): MovedFinding[] => {
  const wentById = byVulnerability(went.filter((known) => known.package !== null));
  const pairs: MovedFinding[] = [];
  for (const [vulnerability, arrivals] of byVulnerability(came)) {
    const departures = wentById.get(vulnerability);
    if (departures !== undefined) pairs.push(...pairOne(arrivals, departures));
  }
  return pairs;
};

const byVulnerability = <Item extends { readonly key: string; readonly vulnerability: string }>(
  items: readonly Item[],
): Map<string, Item[]> => {
  const groups = Map.groupBy(items, ({ vulnerability }) => vulnerability);
  for (const group of groups.values()) group.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return groups;
};

const pairOne = (arrivals: readonly Finding[], departures: readonly KnownFinding[]): MovedFinding[] => {
  const inSamePackage = zipBy(arrivals, departures, ({ key }) => parseFindingKey(key)?.packagePart ?? key);
  const paired = new Set<object>(inSamePackage.flatMap(({ from, to }) => [from, to]));
  const rest = zipBy(
    arrivals.filter((to) => !paired.has(to)),
    departures.filter((from) => !paired.has(from)),
    () => '',
  );
  return [...inSamePackage, ...rest];
};

const zipBy = (
  arrivals: readonly Finding[],
  departures: readonly KnownFinding[],
  groupOf: (item: { readonly key: string }) => string,
): MovedFinding[] => {
  const waiting = Map.groupBy(departures, groupOf);
  const taken = new Map<string, number>();
  return arrivals.flatMap((to) => {
    const group = groupOf(to);
    const next = taken.get(group) ?? 0;
    const from = waiting.get(group)?.[next];
    if (from === undefined) return [];
    taken.set(group, next + 1);
    return [{ from, to }];
  });
};
