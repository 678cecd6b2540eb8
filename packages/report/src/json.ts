/** What JSON allows in a string and a terminal had better not see. */
const UNSAFE_IN_TERMINALS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const LINE_BREAK = '\n';
const INDENT = '  ';
/** Each finding of an image, and each result of a run, is written by itself. */
const LEVELS_APART = 4;
const PIECE_LENGTH = 64 * 1024;

/**
 * A document as indented JSON that parses to the same value and is inert where a terminal shows it: controls, line
 * separators and direction marks are written as `\uXXXX`. Ends with a line break.
 */
export const renderJson = (document: unknown): string => [...renderJsonPieces(document)].join('');

/**
 * The same text in pieces, for documents that are longer than a string can be. A list that is no array, such as what a
 * generator gives, is written as an array and read item by item.
 *
 * @example
 * for (const piece of renderJsonPieces({ images: eachImage() })) file.write(piece);
 */
export const renderJsonPieces = function* (document: unknown): Generator<string, void, undefined> {
  let piece = '';
  for (const part of parts(document, '', LEVELS_APART)) {
    piece += part;
    if (piece.length < PIECE_LENGTH) continue;
    yield inert(piece);
    piece = '';
  }
  yield inert(`${piece}\n`);
};

/** The same on one line, without a line break at the end. */
export const renderJsonLine = (value: unknown): string => inert(JSON.stringify(value));

const parts = function* (value: unknown, indent: string, levels: number): Generator<string, void, undefined> {
  if (levels > 0 && isList(value)) yield* listParts(value, indent, levels - 1);
  else if (levels > 0 && isPlainObject(value)) yield* objectParts(value, indent, levels - 1);
  else yield whole(value, indent);
};

/** Line breaks within texts are written as `\n`, so that all of these are the layout's. */
const whole = (value: unknown, indent: string): string =>
  (JSON.stringify(value, null, INDENT) ?? 'null').replaceAll(LINE_BREAK, LINE_BREAK + indent);

const listParts = function* (items: Iterable<unknown>, indent: string, levels: number): Generator<string> {
  const inner = indent + INDENT;
  let before = `[\n${inner}`;
  let isEmpty = true;
  for (const item of items) {
    yield before;
    yield* parts(item, inner, levels);
    before = `,\n${inner}`;
    isEmpty = false;
  }
  yield isEmpty ? '[]' : `\n${indent}]`;
};

const objectParts = function* (value: object, indent: string, levels: number): Generator<string> {
  const inner = indent + INDENT;
  const fields = Object.entries(value).filter(([, field]) => isWritten(field));
  for (const [index, [name, field]] of fields.entries()) {
    yield `${index === 0 ? '{' : ','}\n${inner}${JSON.stringify(name)}: `;
    yield* parts(field, inner, levels);
  }
  yield fields.length === 0 ? '{}' : `\n${indent}}`;
};

const isWritten = (field: unknown): boolean =>
  field !== undefined && typeof field !== 'function' && typeof field !== 'symbol';

const isList = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !('toJSON' in value);

const inert = (text: string): string => text.replace(UNSAFE_IN_TERMINALS, escaped);

const escaped = (character: string): string =>
  character === LINE_BREAK
    ? character
    : Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
        .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
        .join('');
