import { expect, test } from 'vitest';
import { MessageLines, maxMessageBytes } from './message-lines.ts';

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
