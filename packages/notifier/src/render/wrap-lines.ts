/** What most readers show of a line without breaking it. */
const WIDTH = 78;

/** Columns that what follows a label may be moved to the right by. */
const DEEPEST = 34;

export interface Indents {
  readonly first: string;
  /** At least one blank, so that no line looks like another's beginning. */
  readonly rest: string;
}

/** A line broken at blanks; a word that is longer, such as an address, stands whole. */
export const wrapLine = (text: string, { first, rest }: Indents): string => {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && columns(line) + 1 + columns(word) > WIDTH) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n');
};

/** Texts beneath each other, the first of them beside a label. */
export const besideLabel = (label: string, texts: readonly string[], { first, rest }: Indents): string => {
  const start = `${first}${label}`;
  const isDeep = columns(start) > DEEPEST;
  const beneath = isDeep ? `${rest}  ` : ' '.repeat(columns(start));
  return [
    ...(isDeep || texts.length === 0 ? [start.trimEnd()] : []),
    ...texts.map((text, index) => wrapLine(text, { first: index === 0 && !isDeep ? start : beneath, rest: beneath })),
  ].join('\n');
};

const columns = (text: string): number => [...text].length;
