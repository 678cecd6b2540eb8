import { eachBounded } from './each-bounded.ts';

/**
 * As {@link eachBounded}, with all results at the end.
 *
 * @returns the results in the order of the items
 */
export const mapBounded = async <Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const numbered = eachBounded(items.entries(), limit, async ([index, item]) => [index, await work(item)] as const);
  const results: Array<readonly [number, Result]> = [];
  for await (const result of numbered) results.push(result);
  return results.toSorted(([a], [b]) => a - b).map(([, result]) => result);
};
