import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { renderJson } from './json.ts';

test('parses to the same value and shows a terminal nothing but text', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (value) => {
      const json = renderJson({ value });
      expect(JSON.parse(json)).toEqual({ value });
      expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test.each(['\u009B2J', '\u202E', '\u2028', '\u{E0041}', '\u007F'])(
  'escapes %j, which JSON itself would let pass',
  (text) => {
    expect(renderJson(text)).toMatch(/^"[ -~]+"\n$/);
    expect(JSON.parse(renderJson(text))).toBe(text);
  },
);
