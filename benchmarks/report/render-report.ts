import type { Result } from './result.ts';
import { columns, toRow } from './row.ts';

/** Renders aligned columns for a terminal. */
export function renderTable(results: readonly Result[]): string {
  const rows = [columns, ...results.map(toRow)];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Renders a Markdown table for the documentation. */
export function renderMarkdown(results: readonly Result[]): string {
  return [columns, columns.map(() => '---'), ...results.map(toRow)].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
