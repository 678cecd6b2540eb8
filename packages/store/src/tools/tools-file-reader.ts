import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

import { ScannerError } from '@scanner/core';

import { type FilePiece, ToolsFileSplitter, UnreadableFile } from './tools-file-splitter.ts';

export const TOOLS_SCHEMA = 'gts.tools/1';

/** A larger file is not read: 100,000 tools with 50 tags each are a tenth of it. */
const MAX_FILE_BYTES = 1024 ** 3;
const MAX_EXTRA_BYTES = 1024 ** 2;
const CHUNK_BYTES = 256 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A file that can be read from end to end. */
export interface ToolsFileSurvey {
  /** The fields beside `schema` and `tools`, as one JSON object. */
  readonly extra: string;
}

/**
 * Reads the whole file once without keeping anything of it, so that nothing is taken over from a file that turns out
 * to be cut.
 *
 * @throws UnreadableFile when it is no such file; ScannerError `file_too_new` when a newer version wrote it
 */
export const surveyToolsFile = async (file: FileHandle, path: string): Promise<ToolsFileSurvey> => {
  if ((await file.stat()).size > MAX_FILE_BYTES) throw new UnreadableFile(`it is larger than ${MAX_FILE_BYTES} bytes`);
  const fields = new Map<string, unknown>();
  let extraBytes = 0;
  for await (const piece of piecesOf(file)) {
    if (piece.type === 'refused') continue;
    const value = parsePiece(piece.text);
    if (piece.type === 'tool' || piece.name === '__proto__') continue;
    extraBytes += piece.name.length + piece.text.length;
    if (extraBytes > MAX_EXTRA_BYTES) throw new UnreadableFile('there is too much in it beside the tools');
    fields.set(piece.name, value);
  }
  checkSchema(fields.get('schema'), path);
  fields.delete('schema');
  return { extra: JSON.stringify(Object.fromEntries(fields)) };
};

/** What stands in the list of tools, one by one; `undefined` for what is too large or too deep to be one. */
export const readToolsFile = async function* (file: FileHandle): AsyncGenerator<unknown, void, undefined> {
  for await (const piece of piecesOf(file)) {
    if (piece.type === 'tool') yield parsePiece(piece.text);
    else if (piece.type === 'refused' && piece.what === 'tool') yield undefined;
  }
};

export const hashFile = async (file: FileHandle): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(file)) hash.update(chunk);
  return hash.digest('hex');
};

const checkSchema = (schema: unknown, path: string): void => {
  if (schema === undefined || schema === TOOLS_SCHEMA) return;
  if (typeof schema === 'string' && schema.startsWith('gts.tools/'))
    throw new ScannerError(`${path} was written by a newer version (${JSON.stringify(schema.slice(0, 40))})`, {
      code: 'file_too_new',
      hint: `use that newer version, or name another directory with --data-dir; known is ${TOOLS_SCHEMA}`,
    });
  throw new UnreadableFile('its schema is another one');
};

const piecesOf = async function* (file: FileHandle): AsyncGenerator<FilePiece, void, undefined> {
  const splitter = new ToolsFileSplitter();
  for await (const chunk of chunksOf(file)) yield* splitter.split(chunk);
  splitter.end();
};

/** All chunks share their memory: one is gone when the next is asked for. */
const chunksOf = async function* (file: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    const chunk = buffer.subarray(0, bytesRead);
    const marked = position === 0 && chunk.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    position += bytesRead;
    yield marked ? chunk.subarray(BYTE_ORDER_MARK.length) : chunk;
  }
};

const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const parsePiece = (text: Uint8Array): unknown => {
  try {
    return parseJson(strictText.decode(text));
  } catch (error) {
    throw new UnreadableFile(error instanceof Error ? error.message.slice(0, 200) : 'it is not JSON', { cause: error });
  }
};

/** `__proto__` is a field like others in JSON and a trap in JavaScript: it is left out wherever it stands. */
const parseJson = (text: string): unknown =>
  /__proto__|\\u/.test(text) ? JSON.parse(text, withoutPrototype) : JSON.parse(text);

const withoutPrototype = (name: string, value: unknown): unknown => (name === '__proto__' ? undefined : value);
