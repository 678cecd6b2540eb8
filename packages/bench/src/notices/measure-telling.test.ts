import { describe, expect, it } from 'vitest';

import { mailProblems, roundProblems } from './measure-telling.ts';
import { CHANGES } from './notices-content.ts';
import { changesPrint } from './telling-report.ts';
import type { TellingReport } from './telling-report.ts';

const report = (given: Partial<TellingReport>): TellingReport => ({
  read: 1,
  decide: 1,
  freeze: 1,
  commit: 1,
  peakMemoryBytes: 1,
  changes: { count: CHANGES, print: 'same' },
  isWhole: true,
  ...given,
});

describe('roundProblems', () => {
  it('are none where both find the same and keep it', () => {
    expect(roundProblems({ ours: report({}), plain: report({}) })).toEqual([]);
  });

  it('are other changes, and what reads back otherwise', () => {
    const ours = report({ changes: { count: CHANGES - 1, print: 'other' }, isWhole: false });
    expect(roundProblems({ ours, plain: report({ isWhole: false }) })).toHaveLength(4);
  });
});

it('takes a mail of the limit for too large', () => {
  expect(mailProblems(99_999)).toEqual([]);
  expect(mailProblems(100_000)).toEqual(['The mail has 100000 bytes, not less than 100000.']);
});

describe('changesPrint', () => {
  const nothing = { new: [], resolved: [], severity_raised: [], fix_available: [] };

  it('does not depend on the order', () => {
    const one = changesPrint(new Map([['a:1', { ...nothing, new: ['x', 'y'] }]]));
    expect(one).toEqual(changesPrint(new Map([['a:1', { ...nothing, new: ['y', 'x'] }]])));
    expect(one.count).toBe(2);
  });

  it('tells the kinds and the references apart', () => {
    const prints = [
      new Map([['a:1', { ...nothing, new: ['x'] }]]),
      new Map([['a:1', { ...nothing, resolved: ['x'] }]]),
      new Map([['b:1', { ...nothing, new: ['x'] }]]),
    ].map((changes) => changesPrint(changes).print);
    expect(new Set(prints).size).toBe(3);
  });
});
