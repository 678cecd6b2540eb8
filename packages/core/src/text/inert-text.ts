/**
 * Controls, what changes the direction of text or hides in it, line separators, lone surrogates, and the two
 * characters that XML 1.0 forbids besides.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\uFFFE\uFFFF]/gu;

/** Longer than anything that means something; advisories' titles are the longest there is. */
const MAX_LENGTH = 2000;

/**
 * Text from outside as text for people: everything that could move a cursor, start a line, turn the direction or hide
 * is shown as an escape, `\x1b` or `\u202e`. What comes out is one line, and what goes in unharmed comes out the same.
 *
 * @example
 * sanitizeForTerminal('nginx\u001B[2J') // 'nginx\\x1b[2J'
 */
export const sanitizeForTerminal = (text: string): string => shorten(text).replace(UNSAFE, visibly);

const shorten = (text: string): string => (text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text);

const visibly = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
};
