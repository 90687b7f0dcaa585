import { StringDecoder } from 'node:string_decoder';

/** A prompt or a progress bar has no newline: it is shown after this many milliseconds without output. */
const idleGapMs = 200;

/**
 * Splits the output of a service into complete lines that start with its label, so that lines of several services do not
 * mix. Use an empty label if there is only one service: then nothing is added to the output.
 */
export class LineWriter {
  readonly #label: string;
  readonly #write: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(label: string, write: (text: string) => void) {
    this.#label = label;
    this.#write = write;
  }

  add(block: Buffer): void {
    clearTimeout(this.#idleTimer);
    const lines = (this.#rest + this.#decoder.write(block)).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#write(lines.map((line) => `${this.#label}${line}\n`).join(''));
    if (this.#rest !== '') this.#idleTimer = setTimeout(() => this.end(), idleGapMs);
  }

  /** Writes a last line that has no newline. */
  end(): void {
    clearTimeout(this.#idleTimer);
    if (this.#rest !== '') this.#write(`${this.#label}${this.#rest}${this.#label === '' ? '' : '\n'}`);
    this.#rest = '';
  }
}
