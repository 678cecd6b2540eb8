import { expect, it } from 'vitest';

import { Tally } from './tally.ts';

it('counts tries by scenario and by what befell them, and kills that came too late apart', () => {
  const tally = new Tally();
  for (const hit of [true, true, false]) tally.add('host', { harm: 'kill', hit });
  tally.add('daemon', { harm: 'full disk', hit: true });
  tally.add('daemon', { harm: 'none', hit: false });
  tally.addFaults('host', 2);
  expect([tally.tries, tally.kills, tally.faults]).toEqual([5, 2, 2]);
  expect(String(tally).split('\n').slice(2)).toEqual([
    '| daemon | 2 | 0 | 0 | 0 | 1 | 1 | 0 |',
    '| host | 3 | 2 | 1 | 0 | 0 | 0 | 2 |',
    '| all | 5 | 2 | 1 | 0 | 1 | 1 | 2 |',
  ]);
});
