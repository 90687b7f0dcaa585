import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { executing, program } from '../services/programs.ts';
import { serveMcp } from './mcp-client.ts';
import { called, isAlive, lines, messagesOf, opening } from './raw-server.ts';

const config = { services: [{ name: 'api', shell: program('listens.mjs') }] };

async function answerOf(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}`)).text();
}

test('A service gets its reserved port as PORT, and goes on when the client closes the server', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  const { services } = await mcp.ask('StartService', { name: 'api' });
  await mcp.close();
  await until('the server is gone', () => !isAlive(mcp.pid));
  expect(await answerOf(port)).toBe(String(port));
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { name: 'api', running: true, runId: services[0].runId, port },
  ]);
  const next = await serveMcp(box);
  expect((await next.ask('KillService', { name: 'api' })).services).toMatchObject([{ stopped: true }]);
});

test('A service goes on when the server is killed', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  await mcp.ask('StartService', { name: 'api' });
  process.kill(mcp.pid, 'SIGKILL');
  await until('the server is gone', () => !isAlive(mcp.pid));
  expect(await answerOf(port)).toBe(String(port));
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api', running: true }]);
});

test('After a server that was killed in the middle of a start, the next start works and one runs', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  const cut = mcp.call('StartService', { name: 'api' }).catch(() => undefined);
  // Not by a command, which may take longer than the start.
  await until('the start has begun', () => existsSync(join(box.stateDir, 'runs')));
  process.kill(mcp.pid, 'SIGKILL');
  await cut;
  expect(await box.candle(['start', 'api'])).toMatchObject({ exitCode: 0 });
  expect(executing(box, 'listens.mjs')).toHaveLength(1);
  expect(await answerOf(port)).toBe(String(port));
});

test('What was asked before stdin closed is done and answered, and the server ends with 0', async () => {
  const box = sandbox({ config });
  const asked = [called(1, 'ReservePort', { serviceName: 'api' }), called(2, 'StartService', { name: 'api' })];
  for (const line of ['mcp', '--mcp']) {
    const result = await box.candle([line], { input: lines([...opening, ...asked]) });
    expect({ ...result, stdout: '' }).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect(messagesOf(result.stdout).map(({ id }) => id)).toEqual(expect.arrayContaining(['open', 1, 2]));
  }
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api', running: true }]);
});

test('Without a request the server ends with 0 as soon as stdin closes', async () => {
  const box = sandbox({ config });
  expect(await box.candle(['mcp'], { input: '' })).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  expect(await box.candle(['mcp'])).toEqual({ stdout: '', stderr: '', exitCode: 0 });
});

test('stdout carries nothing but the protocol, whatever comes in and whatever services print', async () => {
  const box = sandbox({ config: { services: [{ name: 'loud', shell: 'echo loud; echo louder >&2; sleep 100' }] } });
  const result = await box.candle(['mcp'], {
    input: lines([
      ...opening,
      'no JSON at all',
      '{"jsonrpc":"2.0","neither":"request nor answer"}',
      '[]',
      '',
      called(1, 'NoSuchTool'),
      { jsonrpc: '2.0', id: 2, method: 'no/such/method' },
      called(3, 'StartService', { name: 'loud' }),
      called(4, 'StartService', { name: 'unknown' }),
      { jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'ListReservedPorts' } },
      called(6, 'ReleasePorts', { projectDir: `${box.root}/gone` }),
    ]),
  });
  expect(result.exitCode).toBe(0);
  const messages = messagesOf(result.stdout);
  expect(new Set(messages.map(({ id }) => id))).toEqual(new Set(['open', 1, 2, 3, 4, 5, 6]));
  expect(messages.find(({ id }) => id === 1)).toHaveProperty('error');
  expect(messages.find(({ id }) => id === 2)).toHaveProperty('error');
  expect(messages.find(({ id }) => id === 5)).toMatchObject({ result: { structuredContent: { ports: [] } } });
});

test('A start that the client gives up, and the server with it, is carried out all the same', async () => {
  // Never ready, so that the start waits its five seconds: long enough to be given up.
  const [api] = config.services;
  const box = sandbox({ config: { services: [{ ...api, ready: { log: 'never said' } }] } });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  const giveUp = new AbortController();
  const call = mcp.client.callTool({ name: 'StartService', arguments: { name: 'api' } }, { signal: giveUp.signal });
  const outcome = call.then(
    () => 'answered',
    () => 'given up',
  );
  await until('the start has begun', async () => (await box.candleJson(['list'])).services[0].status !== 'not running');
  giveUp.abort();
  expect(await outcome).toBe('given up');
  await mcp.close();
  await until('the server is gone', () => !isAlive(mcp.pid));
  expect(mcp.log()).toBe('');
  await until('the service answers', () => answerOf(port).catch(() => undefined));
});

test('A server whose state directory was deleted goes on with the one that everybody else sees', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  await mcp.ask('ReservePort', { serviceName: 'api' });
  rmSync(box.stateDir, { recursive: true });
  expect(await mcp.ask('ListReservedPorts')).toEqual({ ports: [] });

  rmSync(box.stateDir, { recursive: true });
  const reserved = await box.candleJson(['reserve-port', 'api']);
  expect(await mcp.ask('GetReservedPort', { serviceName: 'api' })).toEqual(reserved);
  await mcp.ask('StartService', { name: 'api' });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api', running: true }]);
});

test('A message of 10 MB is answered; one that is too long is passed over, and what follows it is answered', async () => {
  const box = sandbox({ config });
  const long = (id: number, bytes: number) => called(id, 'ReservePort', { serviceName: 'x'.repeat(bytes) });
  const result = await box.candle(['mcp'], {
    input: lines([...opening, long(1, 10_000_000), long(2, 20_000_000), called(3, 'ListReservedPorts')]),
  });
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toBe('MCP: Skipped a message of more than 16777216 bytes\n');
  const messages = messagesOf(result.stdout);
  expect(messages.map(({ id }) => id)).toEqual(['open', 1, 3]);
  expect(messages[1]).toMatchObject({ result: { structuredContent: { error: { code: 'SERVICE_NAME_INVALID' } } } });
  expect(result.stdout.length).toBeLessThan(10_000);
});

test('candle mcp --help tells how to configure a client, and wrong usage is an error on stderr', async () => {
  const box = sandbox();
  const help = await box.candle(['mcp', '--help']);
  expect(help.stdout).toContain('{ "mcpServers": { "candle": { "command": "candle", "args": ["mcp"] } } }');
  expect(await box.candle(['mcp', '--project', ''])).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^Error: The directory given with --project is empty\n/),
    exitCode: 1,
  });
  expect(await box.candle(['mcp', '--json'])).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^Error: Unknown flag: --json\n/),
    exitCode: 1,
  });
});
