import type { Readable, Writable } from 'node:stream';
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/server';
import { MessageLines } from './message-lines.ts';

/** While more than this waits for a client that does not read, nothing more is taken from it. */
const maxBacklogBytes = 4 * 1024 * 1024;

/**
 * One JSON-RPC message a line, over two streams. Unlike the SDK's own, it answers what was asked before the input ended (a
 * script may write its requests and close the pipe), survives a message that is too long, and holds no more answers than
 * a client reads.
 */
export class StreamTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** Settles when the input has ended: nobody can ask for more, or take back what was asked. */
  readonly inputEnded: Promise<void>;
  /** Settles when the input has ended and everything is answered, or when one of the streams has failed. */
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
      this.#note(message);
      this.onmessage?.(message);
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
