/**
 * Runs `work` over all items, at most `limit` at once, and gives each result as soon as it is there. New work begins
 * only while results are taken. Ends with the first rejection, after those under way have ended.
 */
export async function* asTheyFinish<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const running = new Map<number, Promise<readonly [number, Result]>>();
  let started = 0;
  const begin = (item: Item): void => {
    const id = started;
    started += 1;
    running.set(
      id,
      work(item).then((result) => [id, result] as const),
    );
  };
  try {
    for (const item of items) {
      begin(item);
      if (running.size >= limit) yield await nextOf(running);
    }
    while (running.size > 0) yield await nextOf(running);
  } finally {
    await Promise.allSettled(running.values());
  }
}

const nextOf = async <Result>(running: Map<number, Promise<readonly [number, Result]>>): Promise<Result> => {
  const [id, result] = await Promise.race(running.values());
  running.delete(id);
  return result;
};
