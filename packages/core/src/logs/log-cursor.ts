import { InvalidCursorError } from './errors.ts';
import { findPosition, type LogPosition, positionText } from './log-position.ts';

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
