import { describe, expect, it } from 'vitest';

import { mapBounded } from './map-bounded.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('mapBounded', () => {
  it('keeps the order of the items whatever ends first', async () => {
    const results = await mapBounded([3, 1, 2], 3, async (turns) => {
      for (let passed = 0; passed < turns; passed += 1) await turn();
      return turns * 10;
    });
    expect(results).toEqual([30, 10, 20]);
  });

  it('never has more under way than the limit', async () => {
    let underWay = 0;
    let most = 0;
    await mapBounded(
      Array.from({ length: 20 }, (_, index) => index),
      4,
      async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await turn();
        underWay -= 1;
      },
    );
    expect(most).toBe(4);
  });

  it('starts nothing more after a rejection, and lets what is under way end', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const work = mapBounded([0, 1, 2, 3, 4], 2, async (item) => {
      started.push(item);
      if (item === 0) throw new Error('no');
      await turn();
      await turn();
      ended.push(item);
    });
    await expect(work).rejects.toThrow('no');
    expect(started).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });

  it('gives nothing for nothing', async () => {
    expect(await mapBounded([], 3, () => Promise.reject(new Error('never called')))).toEqual([]);
  });
});
