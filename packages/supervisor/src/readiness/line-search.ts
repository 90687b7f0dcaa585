import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** A last line without its newline counts as one after this silence. Milliseconds, as where it is shown. */
const idleGapMs = 200;
/** Characters. What goes on for longer is cut here: no line that anybody waits for. */
const maxLineBytes = 1024 * 1024;

/** Finds a line in output that comes in blocks; escape sequences are no part of it. */
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

  /** Ends the block a line that matches? */
  add(block: Buffer): boolean {
    const lines = (this.#rest + this.#decoder.write(block)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > maxLineBytes) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    this.#grewAtMs = this.#nowMs();
    return lines.some((line) => this.#isFound(line));
  }

  /** Does the line that was left without a newline match? A prompt never gets one. */
  restMatches(): boolean {
    return this.#rest !== '' && this.#nowMs() - this.#grewAtMs >= idleGapMs && this.#isFound(this.#rest);
  }

  /** What comes next does not follow on what was added. */
  forget(): void {
    this.#decoder = new StringDecoder('utf8');
    this.#rest = '';
  }

  #isFound(line: string): boolean {
    return this.#matches(stripVTControlCharacters(line.endsWith('\r') ? line.slice(0, -1) : line));
  }
}
