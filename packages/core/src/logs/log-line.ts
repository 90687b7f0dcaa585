import { type LogPosition, logBeginning } from './log-position.ts';

/** Longer lines are cut: V8 limits strings to half a GiB, and nobody reads a line this long. */
export const maxLineBytes = 64 * 1024 * 1024;

export const newline = 0x0a;
const carriageReturn = 0x0d;

/** A line of a run's output; the position is that of its first byte. */
export interface LogLine extends LogPosition {
  /** The offset after the line and its newline. */
  readonly endOffset: number;
  /** Decoded as UTF-8, without the newline; invalid bytes become U+FFFD. */
  readonly text: string;
  /** It has no newline: the program ended within the line, or will continue it later. */
  readonly isPartial: boolean;
  /** How many characters of the text were omitted, if any. */
  readonly cutCharacters?: number | undefined;
  /** The program printed a carriage return after the text. Present only if true. */
  readonly hasCarriageReturn?: true | undefined;
}

/** Whether only the beginning of the line was kept, if lines are cut at this length. */
export function isLong({ offset, endOffset, isPartial }: LogLine, maxBytes = maxLineBytes): boolean {
  return endOffset - offset - (isPartial ? 0 : 1) > maxBytes;
}

/** Decodes a line from its bytes, with or without the newline. Of a longer line, decodes only the first `max` bytes. */
export function decodeLine(bytes: Buffer, max: number): Pick<LogLine, 'text' | 'hasCarriageReturn'> {
  const end = bytes.at(-1) === newline ? bytes.length - 1 : bytes.length;
  if (end > max) return { text: `${bytes.toString('utf8', 0, max)}…` };
  if (bytes[end - 1] !== carriageReturn) return { text: bytes.toString('utf8', 0, end) };
  return { text: bytes.toString('utf8', 0, end - 1), hasCarriageReturn: true };
}

/** A line that was split off as output arrived. */
export interface IncomingLine extends LogLine {
  /** It continues a partial line that was returned before. */
  readonly isContinuation: boolean;
}

/** Splits output into lines as bytes, so that a line that is not UTF-8 cannot corrupt the next one. */
export class LineSplitter {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #keptLength = 0;
  #start = logBeginning;
  #endOffset = 0;
  #isContinuation = false;

  /** @param maxBytes longer lines are cut */
  constructor(maxBytes = maxLineBytes) {
    this.#maxBytes = maxBytes;
  }

  /** Whether there is an unfinished line that was not returned. */
  get hasRest(): boolean {
    return this.#endOffset > this.#start.offset;
  }

  /** The lines that end in these bytes. They must directly follow the previous bytes; otherwise, take the rest first. */
  *add({ epoch, offset }: LogPosition, bytes: Buffer): Generator<IncomingLine> {
    if (!this.hasRest) this.#begin({ epoch, offset }, this.#isContinuation);
    for (let at = 0; at < bytes.length; ) {
      const found = bytes.indexOf(newline, at);
      const end = found === -1 ? bytes.length : found + 1;
      this.#keep(bytes.subarray(at, end));
      at = end;
      if (found !== -1) yield this.#take(false);
    }
  }

  /** The text of the unfinished line. */
  peek(): string {
    return decodeLine(Buffer.concat(this.#parts), this.#maxBytes).text;
  }

  /** The unfinished line, without an incomplete character at its end; what follows continues it. */
  takeSoFar(): IncomingLine | undefined {
    const bytes = Buffer.concat(this.#parts);
    const held = this.#keptLength > this.#maxBytes ? 0 : openCharacterLength(bytes);
    if (bytes.length === held) return undefined;
    this.#parts = [bytes.subarray(0, bytes.length - held)];
    this.#endOffset -= held;
    const line = this.#take(true);
    this.#keep(bytes.subarray(bytes.length - held));
    return line;
  }

  /** The rest, to its last byte; nothing continues it. */
  takeRest(): IncomingLine | undefined {
    const rest = this.hasRest ? this.#take(true) : undefined;
    this.#isContinuation = false;
    return rest;
  }

  #begin(start: LogPosition, isContinuation: boolean): void {
    this.#start = start;
    this.#endOffset = start.offset;
    this.#parts = [];
    this.#keptLength = 0;
    this.#isContinuation = isContinuation;
  }

  #keep(bytes: Buffer): void {
    this.#endOffset += bytes.length;
    if (bytes.length === 0 || this.#keptLength > this.#maxBytes) return;
    this.#parts.push(bytes);
    this.#keptLength += bytes.length;
  }

  #take(isPartial: boolean): IncomingLine {
    const [only, ...more] = this.#parts;
    const bytes = only && more.length === 0 ? only : Buffer.concat(this.#parts);
    const { epoch, offset } = this.#start;
    const endOffset = this.#endOffset;
    const isContinuation = this.#isContinuation;
    this.#begin({ epoch, offset: endOffset }, isPartial);
    return { epoch, offset, endOffset, ...decodeLine(bytes, this.#maxBytes), isPartial, isContinuation };
  }
}

/** The number of bytes at the end that begin a UTF-8 character without completing it; 0 if they could be anything else. */
function openCharacterLength(bytes: Buffer): number {
  const max = Math.min(3, bytes.length);
  for (let length = 1; length <= max; length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > length ? length : 0;
  }
  return 0;
}
