import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseIgnoreList } from './ignore-list.ts';

const lines = (text: string): [number, string][] =>
  parseIgnoreList(text).patterns.map(({ line, text }) => [line, text]);

describe('parseIgnoreList', () => {
  it('reads one pattern a line, without comments, blanks, carriage returns or a byte order mark', () => {
    expect(lines('\uFEFFnginx\r\n\r\n# all of ours\r\n  acme/*  # built here\r\nregistry:5000/app')).toEqual([
      [1, 'nginx'],
      [4, 'acme/*'],
      [5, 'registry:5000/app'],
    ]);
  });

  it('is empty for a text that says nothing', () => {
    expect(parseIgnoreList('\uFEFF\n#\n   \n')).toEqual({ patterns: [], problems: [] });
  });

  it('names the line that it cannot read and goes on', () => {
    const list = parseIgnoreList('nginx\nno such name\nredis');
    expect(list.patterns.map(({ text }) => text)).toEqual(['nginx', 'redis']);
    expect(list.problems).toEqual([{ line: 2, problem: expect.stringContaining('character') }]);
  });

  it('refuses a list too long to be meant', () => {
    expect(parseIgnoreList('a\n'.repeat(10_001)).problems).toHaveLength(1);
    expect(parseIgnoreList('#'.repeat(2_000_000)).problems).toHaveLength(1);
    expect(parseIgnoreList('%\n'.repeat(5000)).problems).toHaveLength(100);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { patterns, problems } = parseIgnoreList(text);
        expect([...patterns, ...problems].every(({ line }) => line >= 1)).toBe(true);
      }),
    );
  });
});
