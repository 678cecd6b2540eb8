/**
 * The first `limit` items in the order of `compare`, holding no more than those at once.
 * Items that compare equal may come out in any order.
 */
export const topN = <Item>(items: Iterable<Item>, limit: number, compare: (a: Item, b: Item) => number): Item[] => {
  const kept = new WorstFirstHeap(compare);
  if (limit < 1) return [];
  for (const item of items) {
    if (kept.size < limit) kept.add(item);
    else kept.replaceWorstIfBetter(item);
  }
  return kept.items.toSorted(compare);
};

/** A binary heap whose root is what comes last. */
class WorstFirstHeap<Item> {
  readonly items: Item[] = [];
  readonly #compare: (a: Item, b: Item) => number;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.items.length;
  }

  add(item: Item): void {
    this.items.push(item);
    this.#rise(this.items.length - 1);
  }

  replaceWorstIfBetter(item: Item): void {
    const [worst] = this.items;
    if (worst === undefined || this.#compare(item, worst) >= 0) return;
    this.items[0] = item;
    this.#sink(0);
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isWorse(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      const worst = [2 * index + 1, 2 * index + 2].reduce((a, b) => (this.#isWorse(b, a) ? b : a), index);
      if (worst === index) return;
      this.#swap(index, worst);
      index = worst;
    }
  }

  #isWorse(a: number, b: number): boolean {
    const [left, right] = [this.items[a], this.items[b]];
    return left !== undefined && right !== undefined && this.#compare(left, right) > 0;
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.items[a], this.items[b]];
    if (left === undefined || right === undefined) return;
    this.items[a] = right;
    this.items[b] = left;
  }
}
