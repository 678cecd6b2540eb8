import type { Finding } from '../model/finding.ts';
import { type KnownFinding, parseFindingKey } from './known-finding.ts';

/** One vulnerability that changed its key: a package was renamed, or a path has a version in it. */
export interface MovedFinding {
  readonly from: KnownFinding;
  readonly to: Finding;
}

/**
 * Pairs what came with what went where it is the same vulnerability, one to one: under the same ID before under one that
 * is an alias of the other, within the same package first, then in the order of the keys, so that both directions pair
 * alike.
 */
export const pairMoved = (came: readonly Finding[], went: readonly KnownFinding[]): MovedFinding[] => {
  const departed = went.filter((known) => known.package !== null);
  const sameId = pairById(came, departed);
  const paired = new Set<object>(sameId.flatMap(({ from, to }) => [from, to]));
  return [
    ...sameId,
    ...pairByAlias(
      came.filter((to) => !paired.has(to)),
      departed.filter((from) => !paired.has(from)),
    ),
  ];
};

const pairById = (came: readonly Finding[], went: readonly KnownFinding[]): MovedFinding[] => {
  const wentById = byVulnerability(went);
  const pairs: MovedFinding[] = [];
  for (const [vulnerability, arrivals] of byVulnerability(came)) {
    const departures = wentById.get(vulnerability);
    if (departures !== undefined) pairs.push(...pairOne(arrivals, departures));
  }
  return pairs;
};

/**
 * An advisory that got its CVE, or lost it: one of the two IDs is stated as an alias of the other. Two that only share an
 * alias are two vulnerabilities of one advisory.
 */
const pairByAlias = (came: readonly Finding[], went: readonly KnownFinding[]): MovedFinding[] => {
  const left = new Set(went);
  const pairs: MovedFinding[] = [];
  if (left.size === 0) return pairs;
  const byId = byVulnerability(went);
  const byAlias = new Map<string, KnownFinding[]>();
  for (const known of went)
    for (const alias of known.aliases) byAlias.set(alias, [...(byAlias.get(alias) ?? []), known]);
  const fittingOf = (to: Finding): KnownFinding[] => {
    const named = (to.aliases ?? []).flatMap((alias) => byId.get(alias) ?? []);
    return [...named, ...(byAlias.get(to.vulnerability) ?? [])].filter((known) => left.has(known));
  };
  const pair = (to: Finding, from: KnownFinding | undefined): boolean => {
    if (from === undefined) return false;
    left.delete(from);
    pairs.push({ from, to });
    return true;
  };
  const rest = came
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .filter(
      (to) =>
        !pair(
          to,
          fittingOf(to).find((known) => restOf(known.key) === restOf(to.key)),
        ),
    );
  for (const to of rest) pair(to, fittingOf(to)[0]);
  return pairs;
};

/** The package and the path of a key. */
const restOf = (key: string): string => key.slice(key.indexOf('|'));

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
