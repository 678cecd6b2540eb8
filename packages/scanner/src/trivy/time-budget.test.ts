import { describe, expect, test } from 'vitest';

import { TimeBudget } from './time-budget.ts';

describe('the time of a scan', () => {
  test('is used up by work, and not by what it waited for', async () => {
    let now = 0;
    const time = new TimeBudget({ elapsed: () => now }, 1000);
    await time.during(() => {
      now += 300;
      return Promise.resolve({ waitedMs: 200 });
    });
    now += 5000;
    expect(time.leftMs).toBe(900);
    const failing = time.during((leftMs) => {
      now += leftMs + 100;
      return Promise.reject(new Error('no'));
    });
    await expect(failing).rejects.toThrow('no');
    expect(time.leftMs).toBe(1);
  });

  test('ends work that takes longer, with a fraction of a millisecond left too', async () => {
    const time = new TimeBudget({ elapsed: () => performance.now() }, 1.5);
    const endless = time.within(new AbortController().signal, async (signal) => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await expect(endless).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('may be longer than a timer can be', async () => {
    const time = new TimeBudget({ elapsed: () => 0 }, 1e12);
    expect(await time.within(new AbortController().signal, () => Promise.resolve('done'))).toBe('done');
  });
});
