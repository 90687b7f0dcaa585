import { InvalidCursorError } from './errors.ts';
import { findPosition, type LogPosition, positionText } from './log-position.ts';

/** A place in the output of a service, to go on from later. */
export interface LogCursor {
  readonly runId: string;
  readonly position: LogPosition;
}

/** `<run>:<generation>.<offset>` */
export function cursorText({ runId, position }: LogCursor): string {
  return `${runId}:${positionText(position)}`;
}

/** @throws InvalidCursorError */
export function parseCursor(text: string): LogCursor {
  const [, runId, place] = /^([^:\s]+):(.+)$/.exec(text) ?? [];
  const position = place === undefined ? undefined : findPosition(place);
  if (runId === undefined || position === undefined) throw new InvalidCursorError(text);
  return { runId, position };
}
