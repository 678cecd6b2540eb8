import stringWidth from 'fast-string-width';

let segmenter: Intl.Segmenter | undefined;

/** Made when a text has to be cut: it takes longer than a short command may. */
const graphemesOf = (text: string): Intl.Segments => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
};

/** Columns a terminal needs for a text without control characters. */
export const widthOf = (text: string): number => stringWidth(text);

/** The text within `width` columns, its end replaced by `ellipsis` where it is longer; no character is cut in two. */
export const truncate = (text: string, width: number, ellipsis: string): string => {
  if (widthOf(text) <= width) return text;
  const room = width - widthOf(ellipsis);
  let kept = '';
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
    used += widthOf(segment);
    if (used > room) break;
    kept += segment;
  }
  return room < 0 ? '' : kept + ellipsis;
};

export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Lines of at most `width` columns, broken between words; a word that is longer stays whole, so that it can be copied. */
export const wrap = (text: string, width: number): string[] => {
  const [first = '', ...rest] = text.split(' ');
  const lines = [[first]];
  let used = widthOf(first);
  for (const word of rest) {
    const needed = widthOf(word);
    if (used + 1 + needed > width) {
      lines.push([word]);
      used = needed;
    } else {
      lines.at(-1)?.push(word);
      used += 1 + needed;
    }
  }
  return lines.map((words) => words.join(' '));
};
