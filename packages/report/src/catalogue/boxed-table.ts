import { type Column, fill, fitColumns } from '../table/columns.ts';
import type { TableOptions } from '../table/style.ts';

interface Frame {
  readonly line: string;
  readonly bar: string;
  /** Left, middle and right corners of the first, the separating and the last line. */
  readonly top: readonly [string, string, string];
  readonly middle: readonly [string, string, string];
  readonly bottom: readonly [string, string, string];
}

const BOX: Frame = { line: '─', bar: '│', top: ['┌', '┬', '┐'], middle: ['├', '┼', '┤'], bottom: ['└', '┴', '┘'] };
const ASCII: Frame = { line: '-', bar: '|', top: ['+', '+', '+'], middle: ['+', '+', '+'], bottom: ['+', '+', '+'] };

const AROUND_CELL = 3;

/** Lines of a table in a frame, within `width` columns as long as its columns can give way. */
export const frameColumns = (
  columns: readonly Column[],
  { width, unicode }: Pick<TableOptions, 'width' | 'unicode'>,
): string[] => {
  const frame = unicode ? BOX : ASCII;
  const ellipsis = unicode ? '…' : '...';
  const widths = fitColumns(columns, width - AROUND_CELL * columns.length - 1);
  const rule = ([left, middle, right]: Frame['top']): string =>
    left + widths.map((each) => frame.line.repeat(each + 2)).join(middle) + right;
  const row = (cells: readonly string[]): string => `${frame.bar} ${cells.join(` ${frame.bar} `)} ${frame.bar}`;
  const filled = (cell: (column: Column) => string): string[] =>
    columns.map((column, index) => fill(cell(column), widths[index] ?? 0, ellipsis));
  const rows = columns[0]?.cells.map((_, at) =>
    row(filled(({ cells }) => cells[at] ?? '').map((padded, index) => columns[index]?.paint?.(padded, at) ?? padded)),
  );
  return [
    rule(frame.top),
    row(filled(({ heading }) => heading)),
    rule(frame.middle),
    ...(rows ?? []),
    rule(frame.bottom),
  ];
};
