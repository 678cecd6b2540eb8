/** Deeper than any document that means something, and far from where a stack ends. */
const MOST_LEVELS = 128;

const codeOf = (character: string): number => character.charCodeAt(0);

const QUOTE = codeOf('"');
const BACKSLASH = codeOf('\\');
const OPENING: ReadonlySet<number> = new Set([codeOf('['), codeOf('{')]);
const CLOSING: ReadonlySet<number> = new Set([codeOf(']'), codeOf('}')]);

/** It may well be JSON, and is nested deeper than any document that means something. */
export class NestedTooDeep extends SyntaxError {}

/**
 * Reads JSON that others wrote: with or without a byte-order mark, and never nested so deep that whatever walks through
 * it afterwards runs out of stack.
 *
 * @throws SyntaxError for what is no JSON; NestedTooDeep for more than 128 levels
 * @example
 * parseOutsideJson('\u{feff}{"a": 1}') // { a: 1 }
 */
export const parseOutsideJson = (text: string): unknown => {
  const written = text.startsWith('\u{feff}') ? text.slice(1) : text;
  if (isNestedDeeper(written, MOST_LEVELS)) throw new NestedTooDeep(`nested deeper than ${MOST_LEVELS} levels`);
  return JSON.parse(written);
};

const isNestedDeeper = (text: string, most: number): boolean => {
  let level = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (OPENING.has(character)) level += 1;
    else if (CLOSING.has(character)) level -= 1;
    if (level > most) return true;
  }
  return false;
};

const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
};
