type Finished<Result> = { readonly result: Result } | { readonly error: unknown };

/**
 * Runs `work` over the items, at most `limit` at once, and gives each result as soon as it is there.
 * Items are taken when there is room for them; while one is still to come, so are the results behind it. The first rejection ends it, after those under way have ended.
 */
export const eachBounded = async function* <Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const underWay = new Set<Promise<void>>();
  const finished: Array<Finished<Result>> = [];
  const start = (item: Item): void => {
    const job: Promise<void> = work(item)
      .then(
        (result) => finished.push({ result }),
        (error: unknown) => finished.push({ error }),
      )
      .then(() => void underWay.delete(job));
    underWay.add(job);
  };
  const wait = async function* (): AsyncGenerator<Result, void, undefined> {
    if (finished.length === 0) await Promise.race(underWay);
    for (let next = finished.shift(); next !== undefined; next = finished.shift()) {
      if ('error' in next) throw next.error;
      yield next.result;
    }
  };
  try {
    for await (const item of items) {
      start(item);
      while (underWay.size >= Math.max(1, limit) || finished.length > 0) yield* wait();
    }
    while (underWay.size > 0 || finished.length > 0) yield* wait();
  } finally {
    await Promise.all(underWay);
  }
};
