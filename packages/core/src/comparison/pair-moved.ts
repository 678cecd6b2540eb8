import type { Finding } from '../model/finding.ts';
import { type KnownFinding, parseFindingKey } from './known-finding.ts';

/** One vulnerability that changed its key: a package was renamed, or a path has a version in it. */
export interface MovedFinding {
  readonly from: KnownFinding;
  readonly to: Finding;
}

/**
 * Pairs what came with what went where it is the same vulnerability, one to one: within the same package before elsewhere,
 * under the same ID before under one that is an alias of the other, then in the order of the keys, so that both directions
 * pair alike. An alias is one that either side states; two that only share an alias are two vulnerabilities of one advisory.
 */
export const pairMoved = (came: readonly Finding[], went: readonly KnownFinding[]): MovedFinding[] => {
  const pairs: MovedFinding[] = [];
  const left = { came, went: went.filter((known) => known.package !== null) };
  for (const pair of [pairInPackage, pairAlias(isAtSamePlace), pairAnywhere, pairAlias(() => true)]) {
    if (left.came.length === 0 || left.went.length === 0) break;
    const found = pair(left.came, left.went);
    const paired = new Set<object>(found.flatMap(({ from, to }) => [from, to]));
    pairs.push(...found);
    left.came = left.came.filter((to) => !paired.has(to));
    left.went = left.went.filter((from) => !paired.has(from));
  }
  return pairs;
};

type Pairing = (came: readonly Finding[], went: readonly KnownFinding[]) => MovedFinding[];

const pairById =
  (groupOf: (item: { readonly key: string }) => string): Pairing =>
  (came, went) => {
    const wentById = byVulnerability(went);
    return [...byVulnerability(came)].flatMap(([vulnerability, arrivals]) =>
      zipBy(arrivals, wentById.get(vulnerability) ?? [], groupOf),
    );
  };

const pairInPackage = pairById(({ key }) => parseFindingKey(key)?.packagePart ?? key);
const pairAnywhere = pairById(() => '');

/** An advisory that got its CVE, or lost it. */
const pairAlias =
  (fits: (to: Finding, from: KnownFinding) => boolean): Pairing =>
  (came, went) => {
    const left = new Set(went);
    const byId = byVulnerability(went);
    const byAlias = new Map<string, KnownFinding[]>();
    for (const known of went)
      for (const alias of known.aliases) {
        const named = byAlias.get(alias);
        if (named === undefined) byAlias.set(alias, [known]);
        else named.push(known);
      }
    return came.toSorted(byKey).flatMap((to) => {
      const named = (to.aliases ?? []).flatMap((alias) => byId.get(alias) ?? []);
      const from = [...named, ...(byAlias.get(to.vulnerability) ?? [])].find(
        (known) => left.has(known) && fits(to, known),
      );
      if (from === undefined) return [];
      left.delete(from);
      return [{ from, to }];
    });
  };

const isAtSamePlace = (to: Finding, from: KnownFinding): boolean => restOf(from.key) === restOf(to.key);

/** The package and the path of a key. */
const restOf = (key: string): string => key.slice(key.indexOf('|'));

const byVulnerability = <Item extends { readonly key: string; readonly vulnerability: string }>(
  items: readonly Item[],
): Map<string, Item[]> => {
  const groups = Map.groupBy(items, ({ vulnerability }) => vulnerability);
  for (const group of groups.values()) group.sort(byKey);
  return groups;
};

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

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
