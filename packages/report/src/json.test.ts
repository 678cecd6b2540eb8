import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { renderJson, renderJsonPieces } from './json.ts';

test('is what JSON.stringify makes of a document, layout and all', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(renderJson(value)).toBe(`${JSON.stringify(value, null, 2).replaceAll('\u007F', '\\u007f')}\n`);
    }),
  );
});

test('leaves out what is undefined, and writes null for it in a list, as JSON.stringify does', () => {
  const value = { a: undefined, b: [undefined, { c: undefined }], d: {}, e: [[]], f: new Date(0) };

  expect(renderJson(value)).toBe(`${JSON.stringify(value, null, 2)}\n`);
});

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

test('comes in pieces, and reads the items of a list when it is their turn', () => {
  const read: number[] = [];
  const items = function* () {
    for (let item = 0; item < 10; item += 1) {
      read.push(item);
      yield { findings: Array.from({ length: 1000 }, (_, index) => ({ key: `CVE-${item}-${index}`, fixed: null })) };
    }
  };
  const pieces: string[] = [];
  for (const piece of renderJsonPieces({ images: items() })) {
    expect(read.length).toBeLessThanOrEqual(pieces.length + 2);
    pieces.push(piece);
  }

  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000);
  expect(pieces.join('')).toBe(`${JSON.stringify({ images: [...items()] }, null, 2)}\n`);
});
