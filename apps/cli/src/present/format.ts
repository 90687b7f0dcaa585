import { styleText } from 'node:util';
import truncatedWidth from 'fast-string-truncated-width';
import { terminalOf } from '../host/write-output.ts';

/** What a color says about a part of a text. */
export type Tone = 'good' | 'waiting' | 'bad' | 'idle';

const colors = { good: 'green', waiting: 'yellow', bad: 'red', idle: 'dim' } as const satisfies Record<Tone, string>;

/** A text, or one in the color of its tone. */
export type Cell = string | { readonly text: string; readonly tone: Tone | undefined };

/** How a text is shown. */
export interface TextStyle {
  /** Columns of the terminal; undefined if nothing is cut. */
  readonly width: number | undefined;
  /** Lines of the terminal; undefined if there is no limit. */
  readonly height?: number | undefined;
  readonly paint: (tone: Tone, text: string) => string;
}

/** For a reader that is not a terminal. */
export const plainStyle: TextStyle = { width: undefined, paint: (_, text) => text };

/** The style of stdout, whose stream is created only if it may show colors. */
export function stdoutStyle(): TextStyle {
  const isPlain = !terminalOf('stdout').isTTY && process.env.FORCE_COLOR === undefined;
  return isPlain ? plainStyle : styleFor(process.stdout);
}

/** Only a terminal gets colors and cut lines. NO_COLOR and FORCE_COLOR decide about colors. */
export function styleFor(stream: NodeJS.WriteStream): TextStyle {
  return {
    width: (stream.isTTY && stream.columns) || undefined,
    height: (stream.isTTY && stream.rows) || undefined,
    paint: (tone, text) => styleText(colors[tone], text, { stream }),
  };
}

/** The columns that a text takes up on a terminal. */
export function columnsOf(text: string): number {
  return truncatedWidth(text).width;
}

const ellipsis = '…';

/** Cuts a text without colors to a number of columns. */
export function cutText(text: string, width: number): string {
  const { index, truncated } = truncatedWidth(text, { limit: width, ellipsis, ellipsisWidth: 1 });
  if (!truncated) return text;
  // The index is wrong by some columns next to rare characters, and can be within one of two UTF-16 units.
  const characters = [...text.slice(0, index).replace(/[\ud800-\udbff]$/, '')];
  while (characters.length > 0 && columnsOf(characters.join('')) >= width) characters.pop();
  return `${characters.join('')}${ellipsis}`;
}

/** Cuts the beginning of a text without colors, such as a path, whose end distinguishes it. */
function cutBeginning(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && columnsOf(characters.join('')) >= width) characters.shift();
  return `${ellipsis}${characters.join('')}`;
}

/** Breaks a line between words, and keeps its indentation. A word that is longer than a line gets its own line. */
export function wrapWords(text: string, width: number): readonly string[] {
  const indentation = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = indentation;
  let columns = indentation.length;
  for (const word of text.slice(indentation.length).split(' ')) {
    const isFirst = line === indentation;
    const wordColumns = columnsOf(word);
    if (!isFirst && columns + 1 + wordColumns > width) {
      lines.push(line);
      line = `${indentation}${word}`;
      columns = indentation.length + wordColumns;
    } else {
      line += isFirst ? word : ` ${word}`;
      columns += wordColumns + (isFirst ? 0 : 1);
    }
  }
  return [...lines, line];
}

const gap = '  ';
/** Narrower columns are never cut. */
const minColumns = 4;
/** Enough for a status. Wider columns are cut before an address is. */
const comfortableColumns = 12;
/** The heading of addresses, which are useless without their end. */
const lastCut = 'URL';
/** Without a page: `https://localhost:65535`. */
const originColumns = 23;
/** The heading of paths, which differ at their end. */
const cutAtBeginning = 'PROJECT';
/** The headings of columns that a narrow terminal omits, the first one first. */
const omitted = ['UPTIME', 'PID', 'READY'];

/**
 * Rows as text with aligned columns; the first row is the header. On a terminal, the widest columns are cut until the rows
 * fit, and some columns are omitted before the port of an address is cut. The texts must not contain escape sequences or newlines.
 */
export function renderTable(rows: readonly (readonly Cell[])[], { width, paint }: TextStyle = plainStyle): string {
  const count = Math.max(0, ...rows.map(({ length }) => length));
  const needed = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => columnsOf(textOf(row[column])))),
  );
  const headings = rows[0]?.map(textOf) ?? [];
  const kept = headings.indexOf(lastCut);
  const widths = width === undefined ? needed : fitWidths(needed, width, kept);
  const omittedColumn = headings.indexOf(omitted.find((heading) => headings.includes(heading)) ?? '');
  if ((widths[kept] ?? 0) < Math.min(needed[kept] ?? 0, originColumns) && omittedColumn !== -1) {
    return renderTable(
      rows.map((row) => row.toSpliced(omittedColumn, 1)),
      { width, paint },
    );
  }
  const renderCell = (cell: Cell, column: number, isLast: boolean) => {
    const columns = widths[column] ?? 0;
    const cut = headings[column] === cutAtBeginning ? cutBeginning : cutText;
    const shown = cut(textOf(cell), columns);
    const padding = isLast ? '' : ' '.repeat(columns - columnsOf(shown));
    const tone = typeof cell === 'string' ? undefined : cell.tone;
    return `${tone === undefined ? shown : paint(tone, shown)}${padding}`;
  };
  return rows
    .map((row) => {
      const last = row.findLastIndex((cell) => textOf(cell) !== '');
      const shown = row.slice(0, last + 1);
      return shown.map((cell, column) => renderCell(cell, column, column === last)).join(gap);
    })
    .join('\n');
}

function textOf(cell: Cell = ''): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** Reduces the widest columns, at first except the one to keep, until all fit in `width`. Pure. */
export function fitWidths(widths: readonly number[], width: number, kept: number): readonly number[] {
  const room = width - gap.length * (widths.length - 1);
  const isTooWide = (some: readonly number[]) => some.reduce((total, one) => total + one, 0) > room;
  const reduce = (some: readonly number[], min: number, isReduced: (column: number) => boolean) => {
    let reduced = some;
    for (let cap = Math.max(0, ...some); cap >= min && isTooWide(reduced); cap--)
      reduced = reduced.map((one, column) => (isReduced(column) ? Math.min(one, cap) : one));
    return reduced;
  };
  const others = reduce(widths, comfortableColumns, (column) => column !== kept);
  return reduce(others, minColumns, () => true);
}

/** Uses the two largest units: `4s`, `3m 12s`, `2h 5m`, `4d 1h`. */
export function renderDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = units.findIndex(([value]) => value > 0);
  const shown = units.slice(first === -1 ? units.length - 1 : first).slice(0, 2);
  return shown.map(([value, unit]) => `${value}${unit}`).join(' ');
}
