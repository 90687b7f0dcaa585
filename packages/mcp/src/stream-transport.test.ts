import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { MessageLines, maxMessageBytes, StreamTransport } from './stream-transport.ts';

const request = (id: number, method = 'ping') => ({ jsonrpc: '2.0', id, method }) as const;
const answer = (id: number) => ({ jsonrpc: '2.0', id, result: {} }) as const;

async function connected() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const transport = new StreamTransport(input, output);
  const received: JSONRPCMessage[] = [];
  const errors: string[] = [];
  const state = { isClosed: false };
  transport.onmessage = (message) => received.push(message);
  transport.onerror = (error) => errors.push(error.message);
  transport.onclose = () => {
    state.isClosed = true;
  };
  await transport.start();
  const say = (...messages: object[]) =>
    input.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  return { input, output, transport, received, errors, state, say };
}

test('messages may be split across chunks, and a chunk may contain several', async () => {
  const { input, received } = await connected();
  const text = `${JSON.stringify(request(1))}\n${JSON.stringify(request(2))}\n`;
  for (const chunk of [text.slice(0, 10), text.slice(10, 60), text.slice(60)]) input.write(chunk);
  input.end();
  await once(input, 'end');
  expect(received).toEqual([request(1), request(2)]);
});

test('after its input ends, the connection stays open until every request is answered', async () => {
  const { input, output, transport, state, say } = await connected();
  say(request(1), request(2));
  input.end();
  await once(input, 'end');
  await transport.send(answer(2));
  expect(state.isClosed).toBe(false);
  await transport.send(answer(1));
  await transport.closed;
  expect(output.read().toString()).toBe(`${JSON.stringify(answer(2))}\n${JSON.stringify(answer(1))}\n`);
});

test('cancelled requests and subscriptions do not keep the connection open', async () => {
  const { input, transport, say } = await connected();
  say(request(1), request(2, 'subscriptions/listen'));
  say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  input.end();
  await transport.closed;
});

test('a line that is not a message is reported and skipped', async () => {
  const { input, received, errors, say } = await connected();
  input.write('no JSON\n{"jsonrpc":"2.0"}\n\n');
  say(request(1));
  input.end();
  await once(input, 'end');
  expect(received).toEqual([request(1)]);
  expect(errors).toEqual([
    'Skipped a line that is not a JSON-RPC message: "no JSON"',
    expect.stringContaining('Skipped a line that is not a JSON-RPC message: "{'),
  ]);
});

test('an output whose reader is gone closes the connection', async () => {
  const { output, transport, errors } = await connected();
  output.destroy(new Error('write EPIPE'));
  await transport.closed;
  expect(errors).toEqual(['write EPIPE']);
});

test('input is paused while the client does not read its responses', async () => {
  const { input, output, transport, received, say } = await connected();
  const long = { jsonrpc: '2.0', id: 1, result: { text: 'x'.repeat(5 * 1024 * 1024) } } as const;
  const sent = transport.send(long);
  say(request(2));
  await new Promise(setImmediate);
  expect([input.isPaused(), received]).toEqual([true, []]);
  output.resume();
  await sent;
  await until(() => received.length > 0);
  expect(received).toEqual([request(2)]);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

const ping = (id: number) => ({ jsonrpc: '2.0', id, method: 'ping' }) as const;

function read(...chunks: readonly string[]) {
  const errors: string[] = [];
  const lines = new MessageLines(({ message }) => errors.push(message));
  const messages = chunks.flatMap((chunk) => [...lines.add(Buffer.from(chunk))]);
  return { messages, errors };
}

test('a character that is split across two chunks is decoded correctly', () => {
  const message = { jsonrpc: '2.0', method: 'x/y', params: { text: '€' } } as const;
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  const cut = bytes.indexOf('€') + 1;
  const lines = new MessageLines((error) => expect.fail(error.message));
  expect([...lines.add(bytes.subarray(0, cut)), ...lines.add(bytes.subarray(cut))]).toEqual([message]);
});

test('empty lines and Windows line endings are ignored', () => {
  expect(read(`\n\r\n${JSON.stringify(ping(1))}\r\n \n`)).toEqual({ messages: [ping(1)], errors: [] });
});

test('a line that is too long is reported once and skipped, and the next line is read', () => {
  const chunk = 'x'.repeat(maxMessageBytes / 2 + 1);
  const { messages, errors } = read(chunk, chunk, chunk, `"}\n${JSON.stringify(ping(1))}\n`);
  expect(messages).toEqual([ping(1)]);
  expect(errors).toEqual([`Skipped a message of more than ${maxMessageBytes} bytes`]);
});
