import { tmpdir } from 'node:os';

import { expect, test } from 'vitest';

import { DiskShare } from './disk-share.ts';

test('a share of the disk is for all at once, and what is given back can be taken again', async () => {
  const share = new DiskShare(tmpdir(), 0.5);
  using first = await share.open();
  const half = await largestPart(share);
  first.spend(half * 0.75);
  {
    using second = await share.open();
    expect(() => second.spend(half * 0.5)).toThrow(expect.objectContaining({ kind: 'over_budget' }));
  }
  using third = await share.open();
  third.spend(half * 0.2);
  expect(() => first.spend(half * 0.2)).toThrow('more disk space than they may');
});

/** To one part in a thousand. */
const largestPart = async (share: DiskShare): Promise<number> => {
  let [low, high] = [0, 2 ** 60];
  while (high - low > low / 1000) {
    using part = await share.open();
    const middle = (low + high) / 2;
    try {
      part.spend(middle);
      low = middle;
    } catch {
      high = middle;
    }
  }
  return low;
};
