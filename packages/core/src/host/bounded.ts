/**
 * Runs `work` over all items, at most `limit` at once, in their order.
 * Rejects with the first rejection, after those under way have ended; no new one is started then.
 *
 * @returns the results in the order of the items
 */
export const mapBounded = async <Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results = new Map<number, Result>();
  const pending = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of pending) {
      if (failed) return;
      try {
        results.set(index, await work(item));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker);
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
};
