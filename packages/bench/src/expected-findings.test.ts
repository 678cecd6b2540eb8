import { expect, it } from 'vitest';

import { ExpectedFindings } from './expected-findings.ts';

const found = (...findings: string[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map([['a:1', new Set(findings)]]);

it('has no problem while all runs find what the reference found', () => {
  const expected = new ExpectedFindings<'before' | 'after'>();
  expected.reference('before', 'loop', found('one', 'two'));
  expected.reference('after', 'loop', found('one'));
  expected.compare('before', 'gts', found('two', 'one'));
  expect(expected.problems()).toEqual([]);
  expect(expected.count('before')).toBe(2);
  expect(expected.sameness('before', 'after')).toEqual([]);
});

it('tells each difference once, of the reference itself too', () => {
  const expected = new ExpectedFindings<'only'>();
  expected.reference('only', 'loop', found('one'));
  expected.reference('only', 'loop', found());
  expected.compare('only', 'gts', found('one', 'two'));
  expected.compare('only', 'gts', found('one', 'two'));
  expect(expected.problems().slice(1)).toEqual(['  loop: a:1 lacks one', '  gts: a:1 has two in addition']);
});

it('notices when nothing changed that should have', () => {
  const expected = new ExpectedFindings<'before' | 'after'>();
  expected.reference('before', 'loop', found('one'));
  expected.reference('after', 'loop', found('one'));
  expect(expected.sameness('before', 'after')).toEqual(['The same was found with before and after.']);
});

it('does not miss what a run does not show', () => {
  const expected = new ExpectedFindings<'only'>();
  expected.reference('only', 'loop', found('HIGH one', 'LOW two'));
  expected.compare('only', 'gts', found('HIGH one'), ['HIGH', 'CRITICAL']);
  expect(expected.problems()).toEqual([]);
  expected.compare('only', 'gts', found(), ['HIGH', 'CRITICAL']);
  expect(expected.problems().slice(1)).toEqual(['  gts: a:1 lacks HIGH one']);
});

it('does not miss what failed where failures are counted elsewhere', () => {
  const expected = new ExpectedFindings<'only'>();
  expected.reference('only', 'loop', new Map([...found('one'), ['b:1', new Set(['two'])]]));
  expected.comparePartly('only', 'gts', found('one'));
  expect(expected.problems()).toEqual([]);
  expected.comparePartly('only', 'gts', found('three'));
  expect(expected.problems().slice(1)).toEqual(['  gts: a:1 lacks one', '  gts: a:1 has three in addition']);
});

it('compares with nothing but the reference', () => {
  expect(() => new ExpectedFindings<'only'>().compare('only', 'gts', found())).toThrow('only');
});
