/** Numbers that are the same for the same seed, so that a life that went wrong can be lived again. */
export declare class SeededRandom {
  #private;
  constructor(seed: number);
  /** From 0 up to, and never, 1. */
  next(): number;
  chance(probability: number): boolean;
  below(limit: number): number;
  pick<Item>(items: readonly Item[]): Item | undefined;
}
