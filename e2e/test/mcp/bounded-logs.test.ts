import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { failureOf, serveMcp, textOf } from './mcp-client.ts';
import { handshake, startRawServer, toolCall } from './raw-server.ts';

interface Entry {
  readonly kind: string;
  readonly text: string;
  readonly cursor: string;
  readonly at: string;
}

/** Prints a thousand lines of 100 characters, and one line of a million characters. */
const shell = `node -e "for (let n = 1; n <= 1000; n++) console.log(String(n).padStart(100, '.')); console.log('x'.repeat(1e6) + 'end')"`;

/** Limit for the text of a result, which repeats the structured content. */
const maxAnswerBytes = 61_000;

test('GetLogs truncates long lines with a marker, limits the size of the result, and says how to get the rest', async () => {
  const box = sandbox({ config: { services: [{ name: 'job', shell }] } });
  const mcp = await serveMcp(box);
  await mcp.ask('StartService', { name: 'job', wait: 30 });
  const read = async (input: object) => {
    const result = await mcp.call('GetLogs', { name: 'job', ...input });
    expect(textOf(result).length).toBeLessThan(maxAnswerBytes);
    const { services } = result.structuredContent as {
      services: { entries: Entry[]; cursor: string; leftOut?: string }[];
    };
    const [service = expect.fail('no service')] = services;
    return { ...service, lines: service.entries.filter(({ kind }) => kind === 'line') };
  };

  const last = await read({ limit: 1 });
  expect(last.lines).toMatchObject([{ text: `${'x'.repeat(2000)}… [998003 more characters]`, cut: 998_003 }]);
  expect((await read({ grep: 'xend', limit: 1 })).lines, 'grep also searches the truncated part').toHaveLength(1);

  const tail = await read({ limit: 1000 });
  expect(tail.lines.length).toBeGreaterThan(100);
  expect(tail.lines.at(-2)?.text).toBe('1000'.padStart(100, '.'));
  expect(tail.leftOut).toMatch(
    /^The result would be too long: \d+ entries before these were omitted\. To get them, set until: 2/,
  );
  expect(tail.cursor).toBe(last.cursor);

  const found: number[] = [];
  let startAt = `${last.cursor.split(':')[0]}:0.0`;
  for (let reads = 0; found.length < 1000 && reads < 20; reads++) {
    const page = await read({ startAt, limit: 1000 });
    found.push(...page.lines.map(({ text }) => Number(text.replaceAll('.', ''))).filter((n) => !Number.isNaN(n)));
    if (page.leftOut) expect(page.leftOut).toContain(`set startAt: ${page.cursor}`);
    startAt = page.cursor;
  }
  expect(found, 'reading on by cursor neither loses nor repeats a line').toEqual(
    Array.from({ length: 1000 }, (_, n) => n + 1),
  );
});

test('GetLogs rejects a limit above the maximum and contradictory input', async () => {
  const mcp = await serveMcp(sandbox({ config: { services: [{ name: 'job', shell: 'true' }] } }));
  const sentence = async (input: object) => failureOf(await mcp.call('GetLogs', { name: 'job', ...input })).sentence;
  expect(await sentence({ limit: 1001 })).toBe(
    'Invalid input for GetLogs: limit must be at most 1000; use the cursor of a result to read more',
  );
  expect(await sentence({ startAt: 'x:0.0', run: 'latest' })).toBe(
    'Invalid input for GetLogs: startAt belongs to a run, so it cannot be combined with run',
  );
  expect(await sentence({ regex: true })).toBe('Invalid input for GetLogs: regex requires grep');
  expect(await sentence({ grep: '(', regex: true })).toMatch(
    /^'\(' is not a regular expression that Candle supports: /,
  );
});

/** Prints one line of 48 MiB, of which a third are escape sequences. */
const printsLongLine = `node -e "const part = 'ab \\u001b[31m'.repeat(131072); for (let n = 0; n < 48; n++) require('fs').writeSync(1, part)"`;

test.each([{ grep: 'never' }, { grep: 'never', since: '1h' }])(
  'the server answers other requests while GetLogs reads a line of 48 MiB with %j',
  async (input) => {
    const box = sandbox({ config: { services: [{ name: 'job', shell: printsLongLine }] } });
    await box.candle(['start', '--wait', '30']);
    const server = startRawServer(box);
    server.send(...handshake, toolCall(1, 'GetLogs', { name: 'job', limit: 0 }));
    await server.responseTo(1);
    let isRead = false;
    const read = server.responseTo(2).finally(() => {
      isRead = true;
    });
    server.send(toolCall(2, 'GetLogs', { name: 'job', ...input }));
    let pings = 0;
    for (; !isRead; pings++) {
      server.send({ jsonrpc: '2.0', id: `ping-${pings}`, method: 'ping' });
      await server.responseTo(`ping-${pings}`);
    }
    expect((await read).result.isError).toBeFalsy();
    // If the line is read in one step, there are two: before the step and after it.
    expect(pings).toBeGreaterThan(3);
  },
);

test('ClearLogs deletes the output so far, as clear-logs does', async () => {
  const box = sandbox({ config: { services: [{ name: 'job', shell: 'echo secret' }] } });
  const mcp = await serveMcp(box);
  await mcp.ask('StartService', { name: 'job' });
  expect(await mcp.ask('ClearLogs', { name: 'job' })).toEqual({
    services: [{ name: 'job', projectDir: box.projectDir, cleared: true }],
  });
  expect(await mcp.ask('ClearLogs')).toEqual(await box.candleJson(['clear-logs']));
  expect(JSON.stringify(await mcp.ask('GetLogs', { name: 'job' }))).not.toContain('secret');
});
