import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { sanitizeForTerminal } from './inert-text.ts';

test.each([
  ['\u001B[2J', String.raw`\x1b[2J`],
  ['a\r\nb\tc', String.raw`a\x0d\x0ab\x09c`],
  ['\u0000\u007F\u009B', String.raw`\x00\x7f\x9b`],
  ['\u2028\u2029', String.raw`\u2028\u2029`],
  ['\u202Agpj.exe\u2066\u200F\u061C', String.raw`\u202agpj.exe\u2066\u200f\u061c`],
  ['\uD800', String.raw`\ud800`],
  ['\u{E0041}', String.raw`\u{e0041}`],
])('shows %j as an escape', (text, shown) => {
  expect(sanitizeForTerminal(text)).toBe(shown);
});

test.each(['nginx:1.27', 'libstdc++6 3.0.1-1~deb12u2', 'Grüße, 日本語, é', '🙂'])('leaves %s alone', (text) => {
  expect(sanitizeForTerminal(text)).toBe(text);
});

test('whatever goes in, one line of bounded length without a control character comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (text) => {
      const inert = sanitizeForTerminal(text);
      expect(inert).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(sanitizeForTerminal(inert.slice(0, 2000))).toBe(inert.slice(0, 2000));
    }),
  );
  expect(sanitizeForTerminal('\0'.repeat(1_000_000)).length).toBeLessThan(10_000);
});
