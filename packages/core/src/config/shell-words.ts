const WORD = /(?:[^\s'"\\]+|'[^']*'|"(?:[^"\\]|\\.)*"|\\.)+/gs;
const PIECE = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gs;

/**
 * Splits a line into words by a shell's quotes and backslashes, without expanding anything.
 * `null` when a quote stays open or the line ends in a backslash.
 *
 * @example
 * splitShellWords(`--skip-dirs "/var/lib/my app" --ignore-unfixed`)
 * // ['--skip-dirs', '/var/lib/my app', '--ignore-unfixed']
 */
export const splitShellWords = (line: string): readonly string[] | null =>
  line.replaceAll(WORD, '').trim() === '' ? [...line.matchAll(WORD)].map(([word]) => unquote(word)) : null;

const unquote = (word: string): string =>
  word.replaceAll(
    PIECE,
    (_, single?: string, double?: string, escaped?: string, bare?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? bare ?? '',
  );
