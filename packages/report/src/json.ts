/** What JSON allows in a string and a terminal had better not see. */
const UNSAFE_IN_TERMINALS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const LINE_BREAK = '\n';

/**
 * A document as indented JSON that parses to the same value and is inert where a terminal shows it: controls, line
 * separators and direction marks are written as `\uXXXX`. Ends with a line break.
 */
export const renderJson = (document: unknown): string =>
  `${JSON.stringify(document, null, 2).replace(UNSAFE_IN_TERMINALS, escaped)}\n`;

/** The same on one line, without a line break at the end. */
export const renderJsonLine = (value: unknown): string => JSON.stringify(value).replace(UNSAFE_IN_TERMINALS, escaped);

const escaped = (character: string): string =>
  character === LINE_BREAK
    ? character
    : Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
        .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
        .join('');
