import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { readToolsFile, surveyToolsFile } from './tools-file-reader.ts';
import { type FilePiece, ToolsFileSplitter, UnreadableFile } from './tools-file-splitter.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-reader-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

const anyFields = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
const RESERVED = new Set(['tools', 'schema', '__proto__']);
const withoutReserved = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !RESERVED.has(name)));

/** Any file with a list, other fields before and after it, and any layout. */
const anyFile = fc
  .record({ before: anyFields, tools: fc.array(fc.jsonValue()), after: anyFields, indent: fc.constantFrom(0, 2, '\t') })
  .map(({ before, tools, after, indent }) => {
    const extra = { ...withoutReserved(before), ...withoutReserved(after) };
    return { tools, extra, text: JSON.stringify({ ...withoutReserved(before), tools, ...extra }, null, indent) };
  });

const split = (bytes: Buffer, chunkBytes: number): FilePiece[] => {
  const splitter = new ToolsFileSplitter();
  const pieces: FilePiece[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = Uint8Array.from(bytes.subarray(at, at + chunkBytes));
    for (const piece of splitter.split(chunk))
      pieces.push(piece.type === 'refused' ? piece : { ...piece, text: Uint8Array.from(piece.text) });
    chunk.fill(0);
  }
  splitter.end();
  return pieces;
};

const parse = (text: Uint8Array): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));

const read = async (bytes: string | Uint8Array): Promise<{ tools: unknown[]; extra: unknown } | 'unreadable'> => {
  const path = join(directory, 'tools.json');
  writeFileSync(path, bytes);
  await using file = await open(path, 'r');
  try {
    const { extra } = await surveyToolsFile(file, path);
    const tools: unknown[] = [];
    for await (const tool of readToolsFile(file)) tools.push(tool);
    return { tools, extra: JSON.parse(extra) };
  } catch (error) {
    if (error instanceof UnreadableFile) return 'unreadable';
    throw error;
  }
};

/** What the whole file means to a reader that has memory for it. */
const readAtOnce = (bytes: Uint8Array): unknown => {
  try {
    const value = parse(bytes);
    return typeof value === 'object' && value !== null && 'tools' in value && Array.isArray(value.tools)
      ? value.tools
      : 'unreadable';
  } catch {
    return 'unreadable';
  }
};

test('finds the same pieces wherever the file is cut into chunks', () => {
  fc.assert(
    fc.property(anyFile, fc.integer({ min: 1, max: 64 }), ({ text, tools, extra }, chunkBytes) => {
      const pieces = split(Buffer.from(text), chunkBytes);
      const read = pieces.flatMap((piece) => (piece.type === 'tool' ? [parse(piece.text)] : []));
      const fields = pieces.flatMap((piece) => (piece.type === 'field' ? [[piece.name, parse(piece.text)]] : []));

      expect(read).toEqual(JSON.parse(JSON.stringify(tools)));
      expect(Object.fromEntries(fields)).toEqual(JSON.parse(JSON.stringify(extra)));
    }),
  );
});

test('reads what a file says, whatever is in it', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, async ({ text, tools, extra }) => {
      const withoutPrototypes = (_: string, value: unknown): unknown =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== '__proto__'))
          : value;
      const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, withoutPrototypes));

      expect(await read(text)).toEqual({ tools: plain(tools), extra: plain(extra) });
    }),
  );
});

test('takes a damaged file for readable exactly where it still is', async () => {
  const damage = fc.record({
    at: fc.nat(),
    removed: fc.integer({ min: 0, max: 3 }),
    put: fc.oneof(fc.constantFrom(...'{}[]",:\\ 0'.split('')), fc.string({ unit: 'binary', maxLength: 2 })),
  });
  const list = fc.array(fc.oneof(fc.constant({ id: 'a', x: ['"', { y: '\\' }] }), fc.integer(), fc.constant('}]')), {
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(list, damage, async (tools, { at, removed, put }) => {
      const bytes = Buffer.from(JSON.stringify({ note: { a: [1] }, tools }));
      const position = at % (bytes.length + 1);
      const damaged = Buffer.concat([
        bytes.subarray(0, position),
        Buffer.from(put),
        bytes.subarray(position + removed),
      ]);
      const result = await read(damaged);

      expect(result === 'unreadable' ? result : result.tools).toEqual(readAtOnce(damaged));
    }),
    { numRuns: 400 },
  );
});

test('a file larger than any catalogue is not read at all', async () => {
  const path = join(directory, 'huge.json');
  writeFileSync(path, '{"tools":[');
  truncateSync(path, 1024 ** 3 + 1);
  await using file = await open(path, 'r');
  await expect(surveyToolsFile(file, path)).rejects.toThrow(UnreadableFile);
});
