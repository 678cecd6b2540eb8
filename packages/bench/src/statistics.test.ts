import { describe, expect, it } from 'vitest';

import { pairedRatios, percentile, spreadOf } from './statistics.ts';

describe('spreadOf', () => {
  it.each([
    { values: [3], spread: { median: 3, min: 3, max: 3 } },
    { values: [9, 1, 5], spread: { median: 5, min: 1, max: 9 } },
    { values: [10, 2, 4, 8], spread: { median: 6, min: 2, max: 10 } },
    { values: [100, 20, 3], spread: { median: 20, min: 3, max: 100 } },
  ])('of $values has the median $spread.median', ({ values, spread }) => {
    expect(spreadOf(values)).toEqual(spread);
  });

  it('leaves the values in their order', () => {
    const values = [2, 1];
    spreadOf(values);
    expect(values).toEqual([2, 1]);
  });

  it('says nothing of no values', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('pairedRatios', () => {
  it('compares what was measured side by side', () => {
    expect(pairedRatios([1, 6], [2, 3])).toEqual([0.5, 2]);
  });

  it('refuses a value without a reference', () => {
    expect(() => pairedRatios([1, 2], [1])).toThrow(RangeError);
  });
});

describe('percentile', () => {
  it('is the value that so many do not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 1)).toBe(100);
  });

  it('is the only value where there is one', () => {
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('says nothing of no values', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});
