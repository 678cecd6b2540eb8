import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { matchWildcards } from './wildcard.ts';

/** The textbook table, slow and plainly right. */
const byTable = (pattern: string, text: string): boolean => {
  let row = [true, ...Array.from(text, () => false)];
  for (const char of pattern) {
    const next = [char === '*' && row[0] === true];
    for (let i = 1; i <= text.length; i += 1) {
      next.push(char === '*' ? row[i] === true || next[i - 1] === true : row[i - 1] === true && text[i - 1] === char);
    }
    row = next;
  }
  return row[text.length] === true;
};

describe('matchWildcards', () => {
  it.each([
    ['', '', true],
    ['*', '', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a-b-b-c', true],
    ['*ab*ab', 'ab', false],
    ['a.c', 'abc', false],
  ])('%j against %j is %s', (pattern, text, fits) => {
    expect(matchWildcards(pattern, text)).toBe(fits);
  });

  it('agrees with the textbook way', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 12 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 16 });
    fc.assert(
      fc.property(pattern, text, (pattern, text) => {
        expect(matchWildcards(pattern, text)).toBe(byTable(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('ends on patterns that make backtracking matchers hang', () => {
    expect(matchWildcards('*a'.repeat(100_000) + 'b', 'a'.repeat(200_000))).toBe(false);
    expect(matchWildcards('*'.repeat(200_000), 'a'.repeat(200_000))).toBe(true);
  });
});
