import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { JsonSieve } from './json-sieve.ts';
import type { WantedFields } from './json-sieve.ts';

const WANTED: WantedFields = { Id: 'all', Names: 'all', Root: { Layers: 'all' } };

const sieve = (text: string, pieceBytes = text.length + 1, wanted = WANTED): string => {
  const sieve = new JsonSieve(wanted, 1_000_000);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) sieve.push(bytes.subarray(at, at + pieceBytes));
  return sieve.text();
};

/** What is to come out, by the values themselves. */
const wantedOf = (value: unknown, wanted: WantedFields | undefined): unknown => {
  if (wanted === undefined) return null;
  if (wanted === 'all' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => wantedOf(each, wanted));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      wantedOf(each, Object.hasOwn(wanted, name) ? wanted[name] : undefined),
    ]),
  );
};

describe('JsonSieve', () => {
  it('lets through what is wanted of each row, and nothing else', () => {
    const rows = [{ Id: 'a', Labels: { x: '"}]\\' }, Root: { Type: 'layers', Layers: ['1', '2'] } }, 'odd', { Id: 7 }];
    expect(JSON.parse(sieve(JSON.stringify(rows)))).toEqual([
      { Id: 'a', Labels: null, Root: { Type: null, Layers: ['1', '2'] } },
      'odd',
      { Id: 7 },
    ]);
  });

  it('does so for any JSON, however it is cut into pieces and spaced', () => {
    const name = fc.constantFrom('Id', 'Names', 'Root', 'Layers', 'Labels', '__proto__x', 'a"b\\');
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('\\', '"', '\\"', '{[', ''),
          fc.double(),
          fc.boolean(),
          fc.constant(null),
        ),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(name, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 9 }), fc.constantFrom(undefined, 2), (value, pieceBytes, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.parse(sieve(text, pieceBytes))).toEqual(wantedOf(JSON.parse(text), WANTED));
      }),
    );
  });

  it('never throws, and lets no text that is no JSON pass for some', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('[]{},:"\\ a1')) }), (text) => {
        expect(sieve(text, 2).length).toBeLessThanOrEqual(10 * text.length + 10);
      }),
    );
    for (const cut of ['[{"Id":"a"', '[{"Id":"a', '{"Labels":{"x":', '<html>'])
      expect(() => JSON.parse(sieve(cut))).toThrow(SyntaxError);
  });

  it('empties strings of more than 64 KiB', () => {
    const text = JSON.stringify({ Id: 'x'.repeat(70_000), Names: ['y'.repeat(65_536), 'é'.repeat(40_000)] });
    for (const pieceBytes of [1000, 200_000])
      expect(JSON.parse(sieve(text, pieceBytes))).toEqual({ Id: '', Names: ['y'.repeat(65_536), ''] });
  });

  it('says when more is wanted than may be, and holds no more than that', () => {
    const small = new JsonSieve('all', 100);
    expect(small.push(Buffer.from(JSON.stringify(['x'.repeat(80)])))).toBe(true);
    expect(small.push(Buffer.from(JSON.stringify(['x'.repeat(80)])))).toBe(false);
  });

  it.each(['\\\\', '\\"', 'x', '{['])('reads 64 MB of %j in a time that is no more than its length', (unit) => {
    const piece = Buffer.from(unit.repeat(65_536 / unit.length));
    const sieve = new JsonSieve(WANTED, 1000);
    const startedAt = performance.now();
    sieve.push(Buffer.from('[{"Labels":{"x":"'));
    for (let pieces = 0; pieces < 1000; pieces += 1) sieve.push(piece);
    sieve.push(Buffer.from('"},"Id":"a"}]'));
    expect(JSON.parse(sieve.text())).toEqual([{ Labels: null, Id: 'a' }]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
