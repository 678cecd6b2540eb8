import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { chaos } from '../src/chaos.ts';
import type { Scenario } from '../src/scenario.ts';
import { openScenarios, SCENARIO_NAMES } from '../src/scenarios/index.ts';

it('harms programs at random moments, and nothing is lost, told twice, damaged or left behind', async () => {
  const seed = randomInt(2 ** 31);
  await using opened = await openScenarios(SCENARIO_NAMES);
  const { tally, faults } = await chaos({ ...opened, seed, tries: 16, forMs: 150_000, lanes: 2 });
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(tally.kills, `seed ${seed}`).toBeGreaterThan(0);
});

/** The same, but what the host knows is gone before each next start. */
const forgetting = (scenario: Scenario): Scenario => ({
  ...scenario,
  open: async (place, random) => {
    const subject = await scenario.open(place, random);
    return {
      change: () => subject.change(),
      start: () => subject.start(),
      hear: (ended, harm) => subject.hear(ended, harm),
      finish: async () => {
        await rm(join(place.path, 'work', 'security', 'state'), { recursive: true, force: true });
        return subject.finish();
      },
      faults: () => subject.faults(),
      [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose](),
    };
  },
});

it('says what was told twice and by which seed, where something is lost', async () => {
  await using opened = await openScenarios(['host']);
  const scenarios = opened.scenarios.map(forgetting);
  const { faults } = await chaos({ scenarios, seed: 1, tries: 12, forMs: 60_000, lanes: 2 });
  expect(faults).toContainEqual(
    expect.stringMatching(/^host, seed \d+, try \d+ \(.+\): .+ was told by (?:mail|webhook) under \S+ and \S+/),
  );
});
