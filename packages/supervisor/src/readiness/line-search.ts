import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** A last line without a newline counts as complete after this idle gap, the same as where output is shown. */
const idleGapMs = 200;
/** Characters. Longer lines are cut here, because nobody waits for such a line. */
const maxLineLength = 1024 * 1024;

/** Finds a line in output that arrives in blocks. Escape sequences are ignored. */
export class LineSearch {
  readonly #matches: (line: string) => boolean;
  readonly #nowMs: () => number;
  #decoder = new StringDecoder('utf8');
  #rest = '';
  #grewAtMs = 0;

  constructor(matches: (line: string) => boolean, nowMs: () => number) {
    this.#matches = matches;
    this.#nowMs = nowMs;
  }

  /** Adds a block of output. Returns whether it completes a line that matches. */
  add(block: Buffer): boolean {
    const lines = (this.#rest + this.#decoder.write(block)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > maxLineLength) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    this.#grewAtMs = this.#nowMs();
    return lines.some((line) => this.#isMatch(line));
  }

  /** Whether the last line, which has no newline yet, matches. A prompt never gets a newline. */
  restMatches(): boolean {
    return this.#rest !== '' && this.#nowMs() - this.#grewAtMs >= idleGapMs && this.#isMatch(this.#rest);
  }

  /** Discards the incomplete line: the next block does not continue the previous one. */
  forget(): void {
    this.#decoder = new StringDecoder('utf8');
    this.#rest = '';
  }

  #isMatch(line: string): boolean {
    return this.#matches(stripVTControlCharacters(line.endsWith('\r') ? line.slice(0, -1) : line));
  }
}
