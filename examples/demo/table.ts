/** Lines up columns: the first to the left, the others to the right when they hold numbers. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows.map((row) => row.map(written))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumeric = head.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const lines = cells.map((row) =>
    row.map((cell, column) => aligned(cell, widths[column] ?? 0, isNumeric[column] ?? false)).join('   '),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('   ');
  return [lines[0], rule, ...lines.slice(1)].map((line) => `  ${line?.trimEnd()}`).join('\n');
}

function written(value: string | number): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
}

function aligned(cell: string, width: number, toTheRight: boolean): string {
  return toTheRight ? cell.padStart(width) : cell.padEnd(width);
}
