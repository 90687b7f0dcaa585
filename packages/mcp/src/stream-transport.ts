import type { Readable, Writable } from 'node:stream';
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  ReadBuffer,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/server';

/**
 * One JSON-RPC message a line, over two streams. Unlike the SDK's own, it answers what was asked before the input ended:
 * a script may write its requests and close the pipe.
 */
export class StreamTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** Settles when the input has ended and everything is answered, or when one of the streams has failed. */
  readonly closed: Promise<void>;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #buffer = new ReadBuffer();
  readonly #unanswered = new Set<unknown>();
  #settle: () => void = () => undefined;
  #hasEnded = false;
  #isClosed = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
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
    await new Promise<void>((resolve, reject) => {
      this.#output.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
    if (isJSONRPCResponse(message)) this.#unanswered.delete(message.id);
    await this.#closeWhenDone();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#buffer.clear();
    this.#input.destroy();
    this.onclose?.();
    this.#settle();
  }

  #receive(chunk: Buffer): void {
    try {
      this.#buffer.append(chunk);
    } catch (error) {
      this.#fail(error as Error);
    }
    for (;;) {
      try {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.#note(message);
        this.onmessage?.(message);
      } catch (error) {
        // A line that is no message; the next one may be.
        this.onerror?.(error as Error);
      }
    }
  }

  /** Requests that will have an answer: not a cancelled one, nor a subscription, which lasts as long as the connection. */
  #note(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message) && message.method !== 'subscriptions/listen') this.#unanswered.add(message.id);
    else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      this.#unanswered.delete(message.params?.requestId);
    }
  }

  #end(): void {
    this.#hasEnded = true;
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
