import { StringDecoder } from 'node:string_decoder';

/** A prompt or a progress bar has no newline: after this silence it is shown all the same. Milliseconds. */
const idleGapMs = 200;

/**
 * Turns the output of a service into whole lines that begin with its label, so that those of several do not mix. With an
 * empty label nobody else writes in between, and nothing is added.
 */
export class LineWriter {
  readonly #label: string;
  readonly #write: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #idleGap: NodeJS.Timeout | undefined;

  constructor(label: string, write: (text: string) => void) {
    this.#label = label;
    this.#write = write;
  }

  add(block: Buffer): void {
    clearTimeout(this.#idleGap);
    const lines = (this.#rest + this.#decoder.write(block)).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#write(lines.map((line) => `${this.#label}${line}\n`).join(''));
    if (this.#rest !== '') this.#idleGap = setTimeout(() => this.end(), idleGapMs);
  }

  /** Shows a last line that has no newline. */
  end(): void {
    clearTimeout(this.#idleGap);
    if (this.#rest !== '') this.#write(`${this.#label}${this.#rest}${this.#label === '' ? '' : '\n'}`);
    this.#rest = '';
  }
}
