import { pad, truncate, widthOf } from '../text/width.ts';

export interface Column {
  readonly heading: string;
  /** Safe to print. */
  readonly cells: readonly string[];
  /** Never made narrower than this, as long as its cells are wider. */
  readonly least: number;
  /** Colours a cell that has been cut and padded already. */
  readonly paint?: (padded: string, row: number) => string;
}

const GAP = 2;

/** Lines of a table within `width` columns: the widest columns give way first. */
export const layOutColumns = (columns: readonly Column[], width: number, ellipsis: string): string[] => {
  const widths = fitColumns(columns, width - GAP * (columns.length - 1));
  const line = (cell: (column: Column) => string, paint: (column: Column, padded: string) => string): string =>
    columns
      .map((column, index) => paint(column, fill(cell(column), widths[index] ?? 0, ellipsis)))
      .join(' '.repeat(GAP))
      .trimEnd();
  const rows = columns[0]?.cells.map((_, row) =>
    line(
      ({ cells }) => cells[row] ?? '',
      ({ paint }, padded) => paint?.(padded, row) ?? padded,
    ),
  );
  return [
    line(
      ({ heading }) => heading,
      (_, padded) => padded,
    ),
    ...(rows ?? []),
  ];
};

/** The text cut or padded to just that width. */
export const fill = (text: string, width: number, ellipsis: string): string =>
  pad(truncate(text, width, ellipsis), width);

/** How wide a table of these columns is with nothing cut. */
export const widthOfColumns = (columns: readonly Column[]): number =>
  naturalWidths(columns).reduce((sum, each) => sum + each, 0) + GAP * (columns.length - 1);

const naturalWidths = (columns: readonly Column[]): number[] =>
  columns.map(({ heading, cells }) => Math.max(widthOf(heading), ...cells.map(widthOf)));

/** How wide each column may be, so that all of them are within `room`: the widest ones give way first. */
export const fitColumns = (columns: readonly Column[], room: number): number[] => {
  const widths = naturalWidths(columns);
  for (;;) {
    const excess = widths.reduce((sum, each) => sum + each, 0) - room;
    if (excess <= 0) return widths;
    const widest = widestThatMayShrink(columns, widths);
    if (widest === undefined) return widths;
    widths[widest.index] = Math.max(widest.least, widest.width - Math.max(1, Math.floor(excess / columns.length)));
  }
};

const widestThatMayShrink = (
  columns: readonly Column[],
  widths: readonly number[],
): { index: number; width: number; least: number } | undefined =>
  columns
    .map(({ least }, index) => ({ index, width: widths[index] ?? 0, least }))
    .filter(({ width, least }) => width > least)
    .toSorted((a, b) => b.width - a.width)[0];
