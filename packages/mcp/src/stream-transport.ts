import type { Readable, Writable } from 'node:stream';
import {
  deserializeMessage,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/server';

/** While more than this is waiting to be read by the client, the transport does not read its input. */
const maxBacklogBytes = 4 * 1024 * 1024;

/**
 * Sends and receives one JSON-RPC message per line over two streams. Unlike the SDK's transport, it answers requests
 * that arrived before the input ended (a script may write its requests and close the pipe), survives messages that are
 * too long, and stops reading while the client does not read its responses.
 */
export class StreamTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** Resolves when the input has ended: no more requests or cancellations can arrive. */
  readonly inputEnded: Promise<void>;
  /** Resolves when the input has ended and every request is answered, or when one of the streams has failed. */
  readonly closed: Promise<void>;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #lines = new MessageLines((error) => this.onerror?.(error));
  readonly #unanswered = new Set<unknown>();
  readonly #ending = Promise.withResolvers<void>();
  readonly #closing = Promise.withResolvers<void>();
  #hasEnded = false;
  #isClosed = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
    this.inputEnded = this.#ending.promise;
    this.closed = this.#closing.promise;
  }

  async start(): Promise<void> {
    const fail = (error: Error) => this.#fail(error);
    this.#output.on('error', fail);
    this.#input
      .on('error', fail)
      .on('data', (chunk: Buffer) => this.#receive(chunk))
      .once('end', () => this.#end())
      .once('close', () => this.#end());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.#output.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
    if (this.#output.writableLength > maxBacklogBytes && !this.#input.isPaused()) this.#pause();
    await written;
    if (isJSONRPCResponse(message)) this.#unanswered.delete(message.id);
    await this.#closeWhenDone();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#input.destroy();
    this.#ending.resolve();
    this.onclose?.();
    this.#closing.resolve();
  }

  #pause(): void {
    this.#input.pause();
    this.#output.once('drain', () => this.#input.resume());
  }

  #receive(chunk: Buffer): void {
    for (const message of this.#lines.add(chunk)) {
      this.#trackRequest(message);
      this.onmessage?.(message);
    }
  }

  /**
   * Tracks requests that will get a response: not cancelled ones, nor subscriptions, which last as long as the
   * connection.
   */
  #trackRequest(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message) && message.method !== 'subscriptions/listen') this.#unanswered.add(message.id);
    else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      this.#unanswered.delete(message.params?.requestId);
    }
  }

  #end(): void {
    this.#hasEnded = true;
    this.#ending.resolve();
    void this.#closeWhenDone();
  }

  async #closeWhenDone(): Promise<void> {
    if (this.#hasEnded && this.#unanswered.size === 0) await this.close();
  }

  #fail(error: Error): void {
    this.onerror?.(error);
    void this.close();
  }
}

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
