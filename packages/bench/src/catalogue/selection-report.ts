import { createHash } from 'node:crypto';

export interface ChosenTool {
  readonly id: string;
  readonly tag: string;
}

/** What the programs that select say. */
export interface SelectionReport {
  /** Of the selection alone, without starting Node and opening the catalogue. */
  readonly milliseconds: number;
  readonly count: number;
  /** The same for the same IDs and tags, in whatever order. */
  readonly print: string;
}

export function selectionReport(milliseconds: number, chosen: readonly ChosenTool[]): SelectionReport {
  const lines = chosen.map(({ id, tag }) => `${id} ${tag}`).toSorted();
  return { milliseconds, count: lines.length, print: createHash('sha256').update(lines.join('\n')).digest('hex') };
}
