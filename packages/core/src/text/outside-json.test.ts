import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseOutsideJson } from './outside-json.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test('reads what any JSON parser reads, with a byte-order mark too', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
      expect(parseOutsideJson(text)).toStrictEqual(JSON.parse(text));
      expect(parseOutsideJson(`\u{feff}${text}`)).toStrictEqual(JSON.parse(text));
    }),
  );
});

test('brackets and quotes within a text are no nesting', () => {
  const text = JSON.stringify({ a: '['.repeat(500), b: `\\"${'{'.repeat(500)}\\`, c: '"' });
  expect(parseOutsideJson(text)).toStrictEqual(JSON.parse(text));
});

test.each(['', '<html>', '{"a": 1', '"', '"\\"', nested(129), nested(3_000_000), '[{"a":'.repeat(1_000_000)])(
  'refuses what is none, cut or nested without end: %#',
  (text) => {
    expect(() => parseOutsideJson(text)).toThrow(SyntaxError);
  },
);

test('takes 128 levels', () => {
  expect(parseOutsideJson(nested(128))).toBeInstanceOf(Array);
});

test('a text of backslashes costs no more than its length', () => {
  const text = `["${'\\\\'.repeat(2_000_000)}"]`;
  const started = performance.now();
  expect(parseOutsideJson(text)).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(2000);
});
