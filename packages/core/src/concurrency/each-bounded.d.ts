/**
 * Runs `work` over the items, at most `limit` at once, and gives each result as soon as it is there.
 * Items are taken when there is room for them; while one is still to come, so are the results behind it. The first rejection ends it, after those under way have ended.
 */
export declare const eachBounded: <Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
) => AsyncGenerator<Result, void, undefined>;
