/** Lines of a table in aligned columns: the first column flush left, the others, which are figures, flush right. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [header, rule, ...rows].map((line) => renderLine(line, widths)).join('\n');
}

function renderLine(line: readonly string[], widths: readonly number[]): string {
  const cells = widths.map((width, column) => {
    const text = line[column] ?? '';
    return column === 0 ? text.padEnd(width) : text.padStart(width);
  });
  return cells.join('  ').trimEnd();
}
