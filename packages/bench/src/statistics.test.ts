import { describe, expect, it } from 'vitest';

import { pairedRatios, spreadOf } from './statistics.ts';

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
