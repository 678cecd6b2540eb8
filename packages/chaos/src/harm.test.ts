import { SeededRandom } from '@scanner/core/testing';
import { expect, it } from 'vitest';

import { chooseHarm, describeHarm, HARM_KINDS } from './harm.ts';

const harms = (seed: number, count: number) => {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => chooseHarm(random));
};

it('chooses the same for the same seed, something of every kind, and mostly kills', () => {
  const chosen = harms(1, 500);
  expect(harms(1, 500)).toEqual(chosen);
  expect(harms(2, 500)).not.toEqual(chosen);
  const byKind = Map.groupBy(chosen, ({ kind }) => kind);
  expect(new Set(byKind.keys())).toEqual(new Set(HARM_KINDS));
  expect(byKind.get('kill')?.length).toBeGreaterThan(350);
});

it('spreads the moments of kills over a whole run', () => {
  const moments = harms(3, 500).flatMap((harm) => (harm.kind === 'kill' ? [harm.at[0] ?? Number.NaN] : []));
  for (const tenth of Array.from({ length: 10 }, (_, index) => index / 10))
    expect(moments.filter((moment) => moment >= tenth && moment < tenth + 0.1).length).toBeGreaterThan(15);
  expect(Math.max(...moments)).toBeGreaterThan(1);
});

it.each([
  [{ kind: 'none' }, 'unharmed'],
  [{ kind: 'kill', at: [0.5, null] }, 'killed at 0.500, no moment of its time'],
  [{ kind: 'stop', at: 0.25 }, 'a child stopped at 0.250 of its time'],
  [{ kind: 'full disk', kibibytes: 12 }, '12 KiB of disk'],
] as const)('describes %j', (harm, text) => expect(describeHarm(harm)).toBe(text));
