import { describe, expect, it } from 'vitest';

import { aimCells, aimOver, isMet, judged } from './aim.ts';
import type { Aim } from './aim.ts';

const aim = (given: Partial<Aim>): Aim => ({
  what: 'one save',
  figure: 1.2345,
  unit: ' ms',
  bound: 'at most',
  aim: 2,
  ...given,
});

describe('isMet', () => {
  it('takes what is just as good as it should be', () => {
    expect(isMet(aim({ figure: 2 }))).toBe(true);
    expect(isMet(aim({ figure: 2, bound: 'at least' }))).toBe(true);
  });

  it('knows whether more or less is better', () => {
    expect(isMet(aim({ figure: 3 }))).toBe(false);
    expect(isMet(aim({ figure: 3, bound: 'at least' }))).toBe(true);
  });
});

it('shows the figure beside the aim', () => {
  expect(aimCells(aim({}))).toEqual(['one save', '1.23 ms', 'at most 2 ms', 'met']);
  expect(aimCells(aim({ figure: 1234 }))).toEqual(['one save', '1230 ms', 'at most 2 ms', 'NOT MET']);
});

it('takes the middle of the rounds for the figure and shows between which they lay', () => {
  const measured = aimOver({ what: 'a pass', unit: '', bound: 'at least', aim: 6 }, [5, 9, 7]);
  expect(aimCells(measured)).toEqual(['a pass', '7 (5–9)', 'at least 6', 'met']);
});

it('tells programs the verdict', () => {
  expect(judged([aim({}), aim({ figure: 3 })]).map(({ met }) => met)).toEqual([true, false]);
});
