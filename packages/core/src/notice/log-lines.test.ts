import { describe, expect, it } from 'vitest';

import { aFinding } from '../testing/builders.ts';
import type { ChangeGroup } from './change-groups.ts';
import { boundLines, changeLines, LOG_BOUNDS } from './log-lines.ts';
import { noticeFinding } from './notice-finding.ts';

const groupOf = (references: readonly string[], installed: string): ChangeGroup => ({
  images: [],
  references,
  imageBefore: null,
  startedFrom: null,
  lists: {
    new: [noticeFinding(aFinding({ installed }))],
    severityRaised: [],
    resolved: [],
    fixAvailable: [],
    joined: [],
  },
});

describe('the lines of a change', () => {
  it('name every reference, none of them cut, however many and long', () => {
    const references = Array.from({ length: 500 }, (_, index) => `registry.example/${'n'.repeat(100)}:${index}`);
    const lines = changeLines([groupOf(references, 'x'.repeat(5000))]);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(LOG_BOUNDS.line + 2);
    expect(lines.flatMap((line) => line.match(/registry\.example\/n+:\d+(?=,|$)/g) ?? []).toSorted()).toEqual(
      references.toSorted(),
    );
    expect(lines.every((line) => line.startsWith('new: HIGH CVE-2026-1000 in openssl x'))).toBe(true);
  });

  it('are one where they fit', () => {
    expect(changeLines([groupOf(['b:1', 'a:1'], '3.0.1-1')])).toEqual([
      'new: HIGH CVE-2026-1000 in openssl 3.0.1-1 -> 3.0.2-1: a:1, b:1',
    ]);
  });
});

describe('the list of a pass', () => {
  it('is whole where there is room for it', () => {
    expect(boundLines(['one', 'two'], 'changes', { characters: 8 })).toEqual(['one', 'two']);
  });

  it('ends at its bound, and says how much is missing', () => {
    expect(boundLines(['one', 'two', 'three', 'four'], 'changes', { characters: 8 })).toEqual([
      'one',
      'two',
      'the list of changes ends here: 2 more lines are left out, since it would be longer than 8 characters',
    ]);
  });
});
