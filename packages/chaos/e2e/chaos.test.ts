import { randomInt } from 'node:crypto';

import { expect, it } from 'vitest';

import { chaos } from '../src/chaos.ts';
import { openScenarios, SCENARIO_NAMES } from '../src/scenarios/index.ts';

it('harms programs at random moments, and nothing is lost, told twice, damaged or left behind', async () => {
  const seed = randomInt(2 ** 31);
  await using opened = await openScenarios(SCENARIO_NAMES);
  const { scenarios } = opened;
  const { tally, faults } = await chaos({ scenarios, seed, tries: 60, forMs: 25_000, lanes: 2 });
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(tally.kills, `seed ${seed}`).toBeGreaterThan(0);
});
