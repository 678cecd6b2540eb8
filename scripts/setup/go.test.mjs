import { expect, it } from 'vitest';
import { isAtLeast } from './go.mjs';

it.each([
  ['1.26.3', true],
  ['1.26.8', true],
  ['1.27', true],
  ['2.0', true],
  ['1.26.2', false],
  ['1.26', false],
  ['1.9.9', false],
  ['1.19', false],
])('compares Go %s with 1.26.3 by number, not by text', (version, isFit) => {
  expect(isAtLeast(version, '1.26.3')).toBe(isFit);
});
