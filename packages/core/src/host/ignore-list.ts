import { parseImagePattern } from './image-pattern.ts';
import type { ImagePattern } from './image-pattern.ts';

/** A line that says nothing we understand; `line` counts from 1. */
export interface IgnoreListProblem {
  readonly line: number;
  readonly problem: string;
}

export interface IgnoreList {
  readonly patterns: readonly (ImagePattern & { readonly line: number })[];
  readonly problems: readonly IgnoreListProblem[];
}

const MOST_CHARACTERS = 1024 * 1024;
const MOST_PATTERNS = 10_000;
const MOST_PROBLEMS = 100;

/**
 * Reads an ignore list: one pattern a line, `#` starts a comment, blank lines mean nothing.
 * What cannot be read is a problem with its line, and never stands for an image.
 *
 * @example
 * parseIgnoreList('# built here\nacme/*\nnginx:1.27\n')
 */
export const parseIgnoreList = (text: string): IgnoreList => {
  if (text.length > MOST_CHARACTERS) return onlyProblem(`the list is longer than ${MOST_CHARACTERS} characters`);
  const patterns: (ImagePattern & { line: number })[] = [];
  const problems: IgnoreListProblem[] = [];

  for (const [index, written] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const content = withoutComment(written);
    if (content === '') continue;
    if (patterns.length === MOST_PATTERNS) return onlyProblem(`the list has more than ${MOST_PATTERNS} patterns`);
    const parsed = parseImagePattern(content);
    if (parsed.ok) patterns.push({ ...parsed.pattern, line: index + 1 });
    else if (problems.length < MOST_PROBLEMS) problems.push({ line: index + 1, problem: parsed.problem });
  }
  return { patterns, problems };
};

const onlyProblem = (problem: string): IgnoreList => ({ patterns: [], problems: [{ line: 1, problem }] });

/** No image name holds a `#`, so a comment may also follow a pattern. */
const withoutComment = (line: string): string => (line.split('#', 1)[0] ?? '').trim();
