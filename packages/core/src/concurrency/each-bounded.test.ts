import { describe, expect, it } from 'vitest';

import { eachBounded } from './each-bounded.ts';

const turns = async (count: number): Promise<void> => {
  for (let passed = 0; passed < count; passed += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('eachBounded', () => {
  it('gives each result as soon as it is there', async () => {
    const results: number[] = [];
    const work = async (count: number): Promise<number> => {
      await turns(count);
      return count;
    };
    for await (const result of eachBounded([9, 1, 5], 3, work)) results.push(result);
    expect(results).toEqual([1, 5, 9]);
  });

  it('takes no more items while nobody takes results', async () => {
    const taken: number[] = [];
    const items = function* (): Generator<number> {
      for (let item = 0; item < 100; item += 1) {
        taken.push(item);
        yield item;
      }
    };
    for await (const first of eachBounded(items(), 3, (item) => Promise.resolve(item))) {
      await turns(20);
      expect(first).toBe(0);
      break;
    }
    expect(taken.length).toBeLessThanOrEqual(4);
  });

  it('lets what is under way end before it ends with a rejection', async () => {
    const ended: number[] = [];
    const work = async (item: number): Promise<void> => {
      if (item === 0) throw new Error('no');
      await turns(5);
      ended.push(item);
    };
    const all = async (): Promise<void> => {
      for await (const _ of eachBounded([0, 1], 2, work)) expect(_).toBeUndefined();
    };
    await expect(all()).rejects.toThrow('no');
    expect(ended).toEqual([1]);
  });
});
