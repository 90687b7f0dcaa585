/**
 * A place in the output of a run. A program that truncates its own output begins a new generation; within one, offsets
 * count the bytes that the program has printed.
 */
export interface LogPosition {
  readonly generation: number;
  readonly offset: number;
}

export const logBeginning: LogPosition = { generation: 0, offset: 0 };

/** Negative: `a` comes before `b`. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.generation - b.generation || a.offset - b.offset;
}

export function positionText({ generation, offset }: LogPosition): string {
  return `${generation}.${offset}`;
}

/** Undefined when the text is not what `positionText` writes of a position. */
export function findPosition(text: string): LogPosition | undefined {
  const match = /^(\d{1,9})\.(\d{1,16})$/.exec(text);
  if (match === null) return undefined;
  const position = { generation: Number(match[1]), offset: Number(match[2]) };
  return positionText(position) === text && Number.isSafeInteger(position.offset) ? position : undefined;
}
