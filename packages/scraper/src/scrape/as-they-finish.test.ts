import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { collect } from '../testing/collect.ts';
import { asTheyFinish } from './as-they-finish.ts';

test('results come as they are there, with no more than so many at once', async () => {
  let underWay = 0;
  let most = 0;
  const work = async (milliseconds: number): Promise<number> => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(milliseconds);
    underWay -= 1;
    return milliseconds;
  };
  const results = await collect(asTheyFinish([40, 1, 2, 3], 2, work));
  expect(results).toStrictEqual([1, 2, 3, 40]);
  expect(most).toBe(2);
});

test('who stops taking results waits for those under way and starts no others', async () => {
  const started: number[] = [];
  const ended: number[] = [];
  const work = async (item: number): Promise<void> => {
    started.push(item);
    await sleep(item);
    ended.push(item);
  };
  for await (const _ of asTheyFinish([1, 5, 9], 2, work)) break;
  expect([started, ended]).toStrictEqual([
    [1, 5],
    [1, 5],
  ]);
});

test('the first rejection ends it, and others that follow are not left unhandled', async () => {
  const work = (item: number): Promise<never> => Promise.reject(new Error(`failed ${item}`));
  await expect(collect(asTheyFinish([1, 2, 3], 3, work))).rejects.toThrow('failed 1');
});
