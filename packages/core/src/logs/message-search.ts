import { StringDecoder } from 'node:string_decoder';
import { type LinePattern, stripLine } from './line-pattern.ts';

/** Of a longer line, as much as this is held at once, in characters: it is searched in pieces that overlap. */
const maxHeld = 1024 * 1024;
const overlap = 64 * 1024;
/** A character of a message may have escape sequences around it. */
const escapedRoom = 4096;

/** Looks for a message in output as it comes, in memory that is bounded, whatever the program prints. */
export class MessageSearch {
  readonly #pattern: LinePattern;
  readonly #decoder = new StringDecoder('utf8');
  #line = '';

  constructor(pattern: LinePattern) {
    this.#pattern = pattern;
  }

  /** A line has begun that has no end yet. */
  get hasRest(): boolean {
    return this.#line !== '';
  }

  /** The line with the message, as far as it was printed. Plain text need not wait for the line's end. */
  add(bytes: Buffer): string | undefined {
    const [first = '', ...more] = this.#decoder.write(bytes).split('\n');
    const rest = more.pop();
    for (const line of rest === undefined ? [] : [this.#line + first, ...more]) {
      const found = this.#find(line);
      if (found !== undefined) return found;
    }
    const added = rest ?? first;
    this.#line = rest ?? this.#line + first;
    return this.#findInRest(added.length);
  }

  /** The line that has no end, after a silence or at the end of the output. */
  checkRest(): string | undefined {
    return this.hasRest ? this.#find(this.#line) : undefined;
  }

  #find(line: string): string | undefined {
    const text = stripLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    return this.#pattern.matches(text) ? text : undefined;
  }

  #findInRest(addedLength: number): string | undefined {
    const { plain } = this.#pattern;
    const isTooLong = this.#line.length > maxHeld;
    if (plain !== undefined && addedLength > 0) {
      // Only where it is new; the whole line is looked at when that has it.
      const tail = this.#line.slice(-(addedLength + plain.length + escapedRoom));
      if (this.#find(tail) !== undefined) return this.#find(this.#line);
    }
    if (!isTooLong) return undefined;
    const found = this.checkRest();
    this.#line = this.#line.slice(-overlap);
    return found;
  }
}
