import { InvalidCursorError } from './errors.ts';

/**
 * A position in the output of a run. A program that truncates its own output begins a new epoch. Within an epoch, the
 * offset counts the bytes that the program has printed.
 */
export interface LogPosition {
  readonly epoch: number;
  readonly offset: number;
}

export const logBeginning: LogPosition = { epoch: 0, offset: 0 };

/** Negative if `a` comes before `b`. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.epoch - b.epoch || a.offset - b.offset;
}

export function positionText({ epoch, offset }: LogPosition): string {
  return `${epoch}.${offset}`;
}

/** Undefined unless the text is exactly what `positionText` writes for a position. */
export function findPosition(text: string): LogPosition | undefined {
  const match = /^(\d{1,9})\.(\d{1,16})$/.exec(text);
  if (match === null) return undefined;
  const position = { epoch: Number(match[1]), offset: Number(match[2]) };
  return positionText(position) === text && Number.isSafeInteger(position.offset) ? position : undefined;
}

/** A position in the output of a service, from which to continue later. */
export interface LogCursor {
  readonly runId: string;
  readonly position: LogPosition;
}

/** `<run>:<epoch>.<offset>` */
export function cursorText({ runId, position }: LogCursor): string {
  return `${runId}:${positionText(position)}`;
}

/** @throws InvalidCursorError */
export function parseCursor(text: string): LogCursor {
  const [, runId, rest] = /^([^:\s]+):(.+)$/.exec(text) ?? [];
  const position = rest === undefined ? undefined : findPosition(rest);
  if (runId === undefined || position === undefined) throw new InvalidCursorError(text);
  return { runId, position };
}
