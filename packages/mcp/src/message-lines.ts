import { deserializeMessage, type JSONRPCMessage } from '@modelcontextprotocol/server';

const newline = 0x0a;

/** More than any call needs: the longest is what is sent to a service. */
export const maxMessageBytes = 16 * 1024 * 1024;

/** Splits what comes in into messages, one a line. What is no message is reported and passed over, also when it is too long. */
export class MessageLines {
  readonly #report: (error: Error) => void;
  #parts: Buffer[] = [];
  #length = 0;
  #isSkipping = false;

  constructor(report: (error: Error) => void) {
    this.#report = report;
  }

  /** The messages that end in these bytes. */
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
    this.#report(new Error(`A message of more than ${maxMessageBytes} bytes was passed over`));
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
      this.#report(new Error(`A line that is no message was passed over: ${JSON.stringify(line.slice(0, 80))}`));
      return undefined;
    }
  }
}
