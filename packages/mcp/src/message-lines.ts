import { deserializeMessage, type JSONRPCMessage } from '@modelcontextprotocol/server';

const newline = 0x0a;

/** More than any call needs. The longest messages carry input for a service. */
export const maxMessageBytes = 16 * 1024 * 1024;

/** Splits input into messages, one per line. Lines that are too long or not a message are reported and skipped. */
export class MessageLines {
  readonly #report: (error: Error) => void;
  #parts: Buffer[] = [];
  #length = 0;
  #isSkipping = false;

  constructor(report: (error: Error) => void) {
    this.#report = report;
  }

  /** Yields the messages that end within these bytes. */
  *add(chunk: Buffer): Generator<JSONRPCMessage> {
    for (let at = 0; at < chunk.length; ) {
      const found = chunk.indexOf(newline, at);
      const end = found === -1 ? chunk.length : found;
      this.#keep(chunk.subarray(at, end));
      at = end + 1;
      const message = found === -1 ? undefined : this.#take();
      if (message) yield message;
    }
  }

  #keep(bytes: Buffer): void {
    if (this.#isSkipping) return;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= maxMessageBytes) return;
    this.#report(new Error(`Skipped a message of more than ${maxMessageBytes} bytes`));
    this.#isSkipping = true;
    this.#parts = [];
  }

  #take(): JSONRPCMessage | undefined {
    const line = this.#isSkipping ? '' : Buffer.concat(this.#parts).toString().trim();
    this.#parts = [];
    this.#length = 0;
    this.#isSkipping = false;
    if (line === '') return undefined;
    try {
      return deserializeMessage(line);
    } catch {
      this.#report(new Error(`Skipped a line that is not a JSON-RPC message: ${JSON.stringify(line.slice(0, 80))}`));
      return undefined;
    }
  }
}
