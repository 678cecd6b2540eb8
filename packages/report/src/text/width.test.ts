import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { sanitizeForTerminal } from './inert-text.ts';
import { pad, truncate, widthOf, wrap } from './width.ts';

test.each([
  ['openssl', 7],
  ['日本語', 6],
  ['e\u0301', 1],
  ['🙂', 2],
])('%s takes %i columns', (text, columns) => {
  expect(widthOf(text)).toBe(columns);
});

test('cuts between characters, wide and combined ones too', () => {
  expect(truncate('日本語', 4, '…')).toBe('日…');
  expect(truncate('e\u0301e\u0301e\u0301', 2, '…')).toBe('e\u0301…');
  expect(truncate('openssl', 7, '…')).toBe('openssl');
  expect(truncate('openssl', 2, '...')).toBe('');
});

test('cut and padded, any text takes just its column', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 60 }), (text, width) => {
      expect(widthOf(pad(truncate(sanitizeForTerminal(text), width, '…'), width))).toBe(width);
    }),
  );
});

test('wraps between words and keeps a longer word whole, so that it can be copied', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('one two three', Infinity)).toEqual(['one two three']);
  expect(wrap('see registry.example/app:1 now', 8)).toEqual(['see', 'registry.example/app:1', 'now']);
});
