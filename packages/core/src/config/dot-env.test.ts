import { describe, expect, it } from 'vitest';

import { parseDotEnv, readDotEnv } from './dot-env.ts';

describe('a value', () => {
  it.each([
    ['A=ab#cd', 'ab#cd'],
    ['A=#ab', '#ab'],
    ['A=[#web1]', '[#web1]'],
    ['A=ab #cd', 'ab'],
    ['A=ab\t# cd', 'ab'],
    ['A= # nothing yet', ''],
    ['A=', ''],
    ['A="ab#cd"  # of the relay', 'ab#cd'],
    ["A='ab #cd'# of the relay", 'ab #cd'],
    ["A=it's", "it's"],
    ['A=abc"', 'abc"'],
    ['A=a  b  ', 'a  b'],
    ['A=p$$w$x', 'p$$w$x'],
    ["A='p$$w$x'", 'p$$w$x'],
    ['A="p$$w$x"', 'p$$w$x'],
    [String.raw`A="p\$w"`, 'p$w'],
    [String.raw`A="a\\b\"c\n\t\x\0101"`, 'a\\b"c\n\t\\xA'],
    [String.raw`A='a\\b\'c\n'`, String.raw`a\\b'c\n`],
    [String.raw`A=a\nb`, String.raw`a\nb`],
    ['A="two\nlines"', 'two\nlines'],
    ['export A=b', 'b'],
    ['  A = b', 'b'],
    ['A: b', 'b'],
    ['A=first\nA=last', 'last'],
    ['\u{feff}A=b\r\n', 'b'],
    ['# A=no\n\n\tA=b', 'b'],
    ['A=https://user:pass@host/#part', 'https://user:pass@host/#part'],
  ])('of %j is %j', (text, value) => {
    expect(readDotEnv(text)).toEqual({ variables: { A: value }, problem: null });
  });
});

it('sets nothing by a name alone, which Compose takes from the environment', () => {
  expect(readDotEnv('A\nB # later\nC=c')).toEqual({ variables: { C: 'c' }, problem: null });
});

describe('a line that says nothing', () => {
  it.each([
    'A=a\nB="open\nC=c\n',
    "A=a\nB='open\nC=c\n",
    'A=a\nB="b" c\nC=c\n',
    'A=a\nB b=c\n',
    'A=a\n=b\n',
    'A=a\n<b>\n',
  ])('is named by its number, and what stands before it counts: %j', (text) => {
    expect(readDotEnv(text)).toEqual({ variables: { A: 'a' }, problem: { line: 2, accepted: expect.any(String) } });
    expect(parseDotEnv(text)).toEqual({ A: 'a' });
  });
});

it('takes a large file that does not make sense in its stride', () => {
  for (const text of [`A="${'x'.repeat(1_000_000)}`, `A=${' #'.repeat(500_000)}`, 'A'.repeat(1_000_000)])
    expect(Object.keys(readDotEnv(text).variables).length).toBeLessThan(2);
});
