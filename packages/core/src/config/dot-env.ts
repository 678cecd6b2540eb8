import type { Variables } from './sources.ts';

/** What an `.env` file says, up to the first line that says nothing. */
export interface DotEnv {
  readonly variables: Variables;
  readonly problem: DotEnvProblem | null;
}

interface DotEnvProblem {
  /** From 1. */
  readonly line: number;
  /** What may be written there instead. */
  readonly accepted: string;
}

/**
 * Reads an `.env` file as Docker Compose does, whatever its line ends and whether or not it starts with a byte-order mark:
 * `NAME=value`, `export` before it, values in quotes over several lines, escapes in double quotes. A `#` begins a comment
 * at the start of a line, after a blank and after a closing quote. Other than in Compose a `$` stands for itself.
 *
 * @example
 * readDotEnv('SMTP_PASS=ab#cd # of the relay\n').variables; // { SMTP_PASS: 'ab#cd' }
 */
export const readDotEnv = (text: string): DotEnv => {
  const rest = new Remainder(text.replace(/^\u{feff}/u, '').replaceAll(/\r\n?/g, '\n'));
  const variables = new Map<string, string>();
  const ended = (accepted: string | null): DotEnv => ({
    variables: Object.fromEntries(variables),
    problem: accepted === null ? null : { line: rest.line, accepted },
  });
  for (;;) {
    rest.take(BETWEEN);
    if (rest.isEmpty) return ended(null);
    const name = rest.take(NAME)?.[1];
    if (name === undefined) return ended('NAME=value, or a comment that begins with #');
    if (rest.take(SEPARATOR) === null) {
      if (rest.take(END_OF_LINE) === null) return ended('NAME=value, with a name of letters, digits and _');
      continue;
    }
    const value = takeValue(rest);
    if (value === null)
      return ended('a value that ends with the quote that it begins with, and nothing but a comment after that');
    variables.set(name, value);
  }
};

/** Only what can be read of it. */
export const parseDotEnv = (text: string): Variables => readDotEnv(text).variables;

const BETWEEN = /(?:\s|#[^\n]*)*/y;
const NAME = /(?:export[^\S\n]+)?([\p{L}\p{N}_.\-[\]]+)[^\S\n]*/uy;
const SEPARATOR = /[=:]/y;
const DOUBLE_QUOTED = /[^\S\n]*"((?:[^"\\]|\\[^])*)"/y;
const SINGLE_QUOTED = /[^\S\n]*'((?:[^'\\]|\\[^])*)'/y;
const UNQUOTED = /(?![^\S\n]*["'])[^\n]*/y;
const END_OF_LINE = /[^\S\n]*(?:#[^\n]*)?(?=\n|$)/y;

/** Null where a quote is not closed, or something stands behind it. */
const takeValue = (rest: Remainder): string | null => {
  const unquoted = rest.take(UNQUOTED)?.[0];
  if (unquoted !== undefined) return unquoted.replace(/\s#.*/, '').trim();
  const value = quotedValue(rest);
  return rest.take(END_OF_LINE) === null ? null : value;
};

const quotedValue = (rest: Remainder): string | null => {
  const double = rest.take(DOUBLE_QUOTED)?.[1];
  if (double !== undefined) return double.replaceAll(ESCAPE, unescaped);
  return rest.take(SINGLE_QUOTED)?.[1]?.replaceAll(String.raw`\'`, "'") ?? null;
};

/** All others stay as they are written. */
const ESCAPE = /\\(?:[abfnrtv$"\\]|0([0-3][0-7]{2}))/g;

const ESCAPED: Readonly<Record<string, string>> = { a: '\u{7}', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const unescaped = (written: string, octal: string | undefined): string => {
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  const sign = written.slice(1);
  return ESCAPED[sign] ?? sign;
};

/** What is still to be read of a text. */
class Remainder {
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isEmpty(): boolean {
    return this.#index >= this.#text.length;
  }

  /** From 1. */
  get line(): number {
    return this.#text.slice(0, this.#index).split('\n').length;
  }

  /** Takes what comes next, where it is of this form. */
  take(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#index;
    const found = form.exec(this.#text);
    if (found !== null) this.#index += found[0].length;
    return found;
  }
}
