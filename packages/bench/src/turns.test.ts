import { expect, it } from 'vitest';

import { inTurns } from './turns.ts';

it('lets each begin in its turn', async () => {
  const order: string[] = [];
  const step = (name: string) => async (): Promise<void> => {
    await Promise.resolve();
    order.push(name);
  };
  for (const round of [1, 2]) await inTurns(round, [step('loop'), step('gts')]);
  expect(order).toEqual(['loop', 'gts', 'gts', 'loop']);
});
