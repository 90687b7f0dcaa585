import { StringDecoder } from 'node:string_decoder';
import { timeSlices } from '../system/time-slices.ts';
import type { LinePattern } from './line-pattern.ts';
import { plainLine } from './line-text.ts';

/**
 * The maximum number of characters of a line to buffer. Of a longer line, plain text is searched in overlapping chunks, and
 * an expression only at its beginning.
 */
const maxBuffered = 1024 * 1024;
const overlap = 64 * 1024;
/** Room for escape sequences between the characters of a message. */
const escapedRoom = 4096;

/** Searches for a message in output as it arrives, with bounded memory and without blocking the process. */
export class MessageSearch {
  readonly #pattern: LinePattern;
  readonly #signal: AbortSignal | undefined;
  readonly #decoder = new StringDecoder('utf8');
  #line = '';

  /** @param signal ends the search: `add` then returns undefined */
  constructor(pattern: LinePattern, signal?: AbortSignal) {
    this.#pattern = pattern;
    this.#signal = signal;
  }

  /** Whether there is an unfinished line. */
  get hasRest(): boolean {
    return this.#line !== '';
  }

  /** The line with the message, as far as it was printed. Plain text is found without waiting for the end of the line. */
  async add(bytes: Buffer): Promise<string | undefined> {
    const [first = '', ...more] = this.#decoder.write(bytes).split('\n');
    const rest = more.pop();
    for (const line of rest === undefined ? [] : [this.#line + first, ...more]) {
      if (timeSlices().isOver()) await timeSlices().next();
      if (this.#signal?.aborted) return undefined;
      const found = this.#find(line);
      if (found !== undefined) return found;
    }
    const added = rest ?? first;
    this.#line = rest ?? this.#line + first;
    return this.#findInRest(added.length);
  }

  /** Searches the unfinished line, after an idle gap or at the end of the output. */
  checkRest(): string | undefined {
    return this.hasRest ? this.#find(this.#line) : undefined;
  }

  #find(line: string): string | undefined {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    return this.#pattern.matches(text) ? plainLine(text) : undefined;
  }

  #findInRest(addedLength: number): string | undefined {
    const { plain } = this.#pattern;
    const isTooLong = this.#line.length > maxBuffered;
    if (plain === undefined) {
      if (isTooLong) this.#line = this.#line.slice(0, maxBuffered);
      return undefined;
    }
    if (addedLength > 0) {
      // Search only the new part; read the whole line if that part matches.
      const tail = this.#line.slice(-(addedLength + plain.length + escapedRoom));
      if (this.#find(tail) !== undefined) return this.#find(this.#line);
    }
    if (!isTooLong) return undefined;
    const found = this.checkRest();
    this.#line = this.#line.slice(-overlap);
    return found;
  }
}
