import { safeText } from '@candle/core/errors';

/** What is needed of a terminal. */
interface Terminal {
  write(text: string): unknown;
  readonly rows?: number;
}

/** For a terminal that does not know its height, and reports none or 0. */
const defaultRows = 24;

// Without wrapping, the terminal cuts long lines, so that the height of the text is known.
const noWrap = '\u001b[?7l';
const wrap = '\u001b[?7h';
const eraseBelow = '\u001b[J';

/** Text at the end of a terminal that is replaced again and again. */
export class LiveText {
  readonly #terminal: Terminal;
  #shown = '';
  #height = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Replaces the text, whose colors are Candle's own. Only what fits on the screen is shown, because the cursor cannot move beyond its top. */
  show(text: string): void {
    if (text === this.#shown) return;
    const all = safeText(text, { color: true }).split('\n');
    const room = Math.max(1, (this.#terminal.rows || defaultRows) - 1);
    const lines = all.length <= room ? all : [...all.slice(0, room - 1), `… and ${all.length - room + 1} more`];
    this.#terminal.write(`${this.#eraser()}${noWrap}${lines.join('\n')}\n${wrap}`);
    this.#shown = text;
    this.#height = lines.length;
  }

  /** Removes the text, so that something else can be written in its place. */
  clear(): void {
    if (this.#height > 0) this.#terminal.write(this.#eraser());
    this.#shown = '';
    this.#height = 0;
  }

  #eraser(): string {
    return this.#height === 0 ? '' : `\u001b[${this.#height}A\r${eraseBelow}`;
  }
}
