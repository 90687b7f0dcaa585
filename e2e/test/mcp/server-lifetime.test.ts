import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { copyOfCli } from '../../faults/copy-of-cli.ts';
import { withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { executing, program } from '../services/programs.ts';
import { serveMcp } from './mcp-client.ts';
import { handshake, isAlive, messagesOf, toLines, toolCall } from './raw-server.ts';

const config = { services: [{ name: 'api', shell: program('listens.mjs') }] };

async function bodyOf(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}`)).text();
}

test('A service gets its reserved port as PORT, and keeps running after the client closes the server', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  const { services } = await mcp.ask('StartService', { name: 'api' });
  await mcp.close();
  await until('the server has exited', () => !isAlive(mcp.pid));
  expect(await bodyOf(port)).toBe(String(port));
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { name: 'api', running: true, runId: services[0].runId, port },
  ]);
  const next = await serveMcp(box);
  expect((await next.ask('KillService', { name: 'api' })).services).toMatchObject([{ stopped: true }]);
});

test('A service keeps running after the server is killed', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  await mcp.ask('StartService', { name: 'api' });
  process.kill(mcp.pid, 'SIGKILL');
  await until('the server has exited', () => !isAlive(mcp.pid));
  expect(await bodyOf(port)).toBe(String(port));
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api', running: true }]);
});

test('After the server is killed during a start, the next start succeeds and exactly one process runs', async () => {
  const box = sandbox({ config });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  const interrupted = mcp.call('StartService', { name: 'api' }).catch(() => undefined);
  // Check a file, because a command could take longer than the start.
  await until('the start has begun', () => existsSync(join(box.stateDir, 'runs')));
  process.kill(mcp.pid, 'SIGKILL');
  await interrupted;
  expect(await box.candle(['start', 'api'])).toMatchObject({ exitCode: 0 });
  expect(executing(box, 'listens.mjs')).toHaveLength(1);
  expect(await bodyOf(port)).toBe(String(port));
});

test('The server completes and answers all requests sent before stdin closed, and exits with 0', async () => {
  const box = sandbox({ config });
  const requests = [toolCall(1, 'ReservePort', { serviceName: 'api' }), toolCall(2, 'StartService', { name: 'api' })];
  for (const command of ['mcp', '--mcp']) {
    const result = await box.candle([command], { input: toLines([...handshake, ...requests]) });
    expect({ exitCode: result.exitCode, stderr: withoutNewCommands(result.stderr) }).toEqual({
      exitCode: 0,
      stderr: '',
    });
    expect(messagesOf(result.stdout).map(({ id }) => id)).toEqual(expect.arrayContaining(['open', 1, 2]));
  }
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api', running: true }]);
});

test('Without requests, the server exits with 0 as soon as stdin closes', async () => {
  const box = sandbox({ config });
  expect(await box.candle(['mcp'], { input: '' })).toEqual({ stdout: '', stderr: '', exitCode: 0 });
  expect(await box.candle(['mcp'])).toEqual({ stdout: '', stderr: '', exitCode: 0 });
});

test('stdout carries only protocol messages, regardless of the input and of the output of services', async () => {
  const box = sandbox({ config: { services: [{ name: 'loud', shell: 'echo loud; echo louder >&2; sleep 100' }] } });
  const result = await box.candle(['mcp'], {
    input: toLines([
      ...handshake,
      'no JSON at all',
      '{"jsonrpc":"2.0","neither":"request nor answer"}',
      '[]',
      '',
      toolCall(1, 'NoSuchTool'),
      { jsonrpc: '2.0', id: 2, method: 'no/such/method' },
      toolCall(3, 'StartService', { name: 'loud' }),
      toolCall(4, 'StartService', { name: 'unknown' }),
      { jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'ListReservedPorts' } },
      toolCall(6, 'ReleasePorts', { projectDir: `${box.root}/gone` }),
    ]),
  });
  expect(result.exitCode).toBe(0);
  const messages = messagesOf(result.stdout);
  expect(new Set(messages.map(({ id }) => id))).toEqual(new Set(['open', 1, 2, 3, 4, 5, 6]));
  expect(messages.find(({ id }) => id === 1)).toHaveProperty('error');
  expect(messages.find(({ id }) => id === 2)).toHaveProperty('error');
  expect(messages.find(({ id }) => id === 5)).toMatchObject({ result: { structuredContent: { ports: [] } } });
});

test('A start is completed even if the client cancels it and closes the server', async () => {
  // The service never becomes ready, so the start waits five seconds, which is long enough to cancel it.
  const [api] = config.services;
  const box = sandbox({ config: { services: [{ ...api, ready: { log: 'never said' } }] } });
  const mcp = await serveMcp(box);
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  const controller = new AbortController();
  const call = mcp.client.callTool({ name: 'StartService', arguments: { name: 'api' } }, { signal: controller.signal });
  const outcome = call.then(
    () => 'answered',
    () => 'cancelled',
  );
  await until('the start has begun', async () => (await box.candleJson(['list'])).services[0].status !== 'not running');
  controller.abort();
  expect(await outcome).toBe('cancelled');
  await mcp.close();
  await until('the server has exited', () => !isAlive(mcp.pid));
  expect(mcp.log()).toMatch(/^First start of these commands on this machine:\n {2}api: .*\n$/);
  await until('the service answers', () => bodyOf(port).catch(() => undefined));
});

test('If its state directory is deleted, the server continues with the new one that all commands use', async () => {
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

test('The server answers a message of 10 MB, skips one that is too long, and answers the next one', async () => {
  const box = sandbox({ config });
  const long = (id: number, bytes: number) => toolCall(id, 'ReservePort', { serviceName: 'x'.repeat(bytes) });
  const result = await box.candle(['mcp'], {
    input: toLines([...handshake, long(1, 10_000_000), long(2, 20_000_000), toolCall(3, 'ListReservedPorts')]),
  });
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toBe('MCP: Skipped a message of more than 16777216 bytes\n');
  const messages = messagesOf(result.stdout);
  expect(messages.map(({ id }) => id)).toEqual(['open', 1, 3]);
  expect(messages[1]).toMatchObject({ result: { structuredContent: { error: { code: 'SERVICE_NAME_INVALID' } } } });
  expect(result.stdout.length).toBeLessThan(10_000);
});

test('candle mcp --help shows how to configure a client, and incorrect usage is an error on stderr', async () => {
  const box = sandbox();
  const help = await box.candle(['mcp', '--help']);
  expect(help.stdout).toContain('{ "mcpServers": { "candle": { "command": "candle", "args": ["mcp"] } } }');
  expect(await box.candle(['mcp', '--project', ''])).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^Error: --project must not be empty\n/),
    exitCode: 1,
  });
  expect(await box.candle(['mcp', '--json'])).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^Error: Unknown flag: --json\n/),
    exitCode: 1,
  });
});

test('A server that has answered a call keeps answering after an upgrade has removed its files', async () => {
  const box = sandbox({ config });
  const copy = copyOfCli(box, {});
  const mcp = await serveMcp(box, { bin: copy.bin });
  await mcp.ask('ListServices');
  rmSync(join(dirname(copy.bin), '../dist/chunks'), { recursive: true });
  const { port } = await mcp.ask('ReservePort', { serviceName: 'api' });
  expect(await mcp.ask('WhoHasPort', { port })).toMatchObject({ port });
  expect(await mcp.ask('GetLogs', { name: 'api' })).toMatchObject({ services: [{ name: 'api' }] });
});
