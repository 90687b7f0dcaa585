import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { executing, program } from '../services/programs.ts';
import { failureOf, serveMcp, textOf } from './mcp-client.ts';
import { handshake, messagesOf, startRawServer, toolCall } from './raw-server.ts';

/** Prints its input, so that the test decides when it prints. */
const echo = { name: 'echo', shell: 'cat', enableStdin: true };
const silent = { name: 'silent', shell: program('idles.mjs') };

test('WaitForLog returns the line that a service prints after SendInput, and returns at once if the line already exists', async () => {
  const box = sandbox({ config: { services: [echo] } });
  const mcp = await serveMcp(box);
  await mcp.ask('StartService', { name: 'echo' });
  const waiting = mcp.ask('WaitForLog', { name: 'echo', message: 'good' });
  const sent = await mcp.ask('SendInput', { name: 'echo', text: 'good morning' });
  expect(sent).toEqual({ name: 'echo', projectDir: box.projectDir, runId: expect.any(String), sentBytes: 13 });
  expect(await waiting).toEqual({
    serviceName: 'echo',
    projectDir: box.projectDir,
    runId: sent.runId,
    text: 'good morning',
  });
  const input = { name: 'echo', message: '^g.*g$', regex: true, timeout: 0.1 };
  expect(await mcp.ask('WaitForLog', input)).toEqual(
    await box.candleJson(['wait-for-log', 'echo', '--message', 'good']),
  );
});

test('WaitForLog and WaitForReady fail if the service is not running, and WaitForLog also on timeout or if the service ends', async () => {
  const brief = { name: 'brief', shell: 'until [ -e end ]; do sleep 0.1; done; echo bye; exit 3' };
  const box = sandbox({ config: { services: [echo, brief] } });
  const mcp = await serveMcp(box);
  for (const [tool, input, command] of [
    ['WaitForLog', { message: 'x' }, ['wait-for-log', '--message', 'x']],
    ['WaitForReady', {}, ['wait-for-ready']],
  ] as const) {
    const idle = await mcp.call(tool, { name: 'echo', ...input });
    expect(idle.structuredContent).toEqual(await box.candleJson([...command, 'echo']));
  }
  await Promise.all(['echo', 'brief'].map((name) => mcp.ask('StartService', { name })));
  const late = await mcp.call('WaitForLog', { name: 'echo', message: 'x', timeout: 0.2 });
  expect(failureOf(late)).toEqual({
    code: 'LOGS_TIMEOUT',
    sentence: "Service 'echo' did not print 'x' within 0.2 s; it is still running",
  });
  let isWaiting = false;
  const ending = mcp.client.callTool(
    { name: 'WaitForLog', arguments: { name: 'brief', message: 'x' } },
    { onprogress: () => (isWaiting = true) },
  );
  await until('the call waits', () => isWaiting);
  writeFileSync(join(box.projectDir, 'end'), '');
  expect(textOf(await ending)).toMatch(/^Service 'brief' exited before it printed 'x'\nIts last lines:\n {2}bye\n/);
  expect(failureOf(await mcp.call('WaitForLog', { name: 'echo', message: 'x', timeout: -1 })).sentence).toBe(
    'Invalid input for WaitForLog: timeout must not be negative',
  );
});

test('StartService with wait fails if the service is not ready in time, and leaves it running', async () => {
  const box = sandbox({ config: { services: [silent] } });
  const mcp = await serveMcp(box);
  await mcp.ask('ReservePort', { serviceName: 'silent' });
  const failed = await mcp.call('StartService', { name: 'silent', wait: 0.7 });
  expect(failureOf(failed).code).toBe('SERVICE_NOT_READY');
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
});

test('A client that asks for progress gets a notification every second of a wait, with the reason and the timeout', async () => {
  const box = sandbox({ config: { services: [echo] } });
  const mcp = await serveMcp(box);
  await mcp.ask('StartService', { name: 'echo' });
  const reports: { progress: number; total?: number | undefined; message?: string | undefined }[] = [];
  const call = mcp.client.callTool(
    { name: 'WaitForLog', arguments: { name: 'echo', message: 'tick', timeout: 20 } },
    { onprogress: (report) => reports.push(report) },
  );
  await until('there are two notifications', () => reports.length >= 2);
  await mcp.ask('SendInput', { name: 'echo', text: 'tick' });
  await call;
  const count = reports.length;
  expect(reports[0]).toMatchObject({ total: 20, message: "Waiting for 'echo' to print 'tick'" });
  expect(reports.map(({ progress }) => progress)).toEqual(reports.map(({ progress }) => progress).toSorted());
  // No notifications follow after the call has ended.
  await mcp.ask('WaitForLog', { name: 'echo', message: 'tick' });
  expect(reports).toHaveLength(count);
});

test.each(['WaitForLog', 'WaitForReady'])(
  'A %s call that the client cancels ends at once and changes nothing',
  async (tool) => {
    const box = sandbox({ config: { services: [silent] } });
    // The service never becomes ready, because nothing listens on the port.
    await box.candle(['reserve-port', 'silent']);
    await box.candle(['start', 'silent', '--wait', '0']);
    const before = await box.candleJson(['list']);
    const message = tool === 'WaitForLog' ? { message: 'never' } : {};
    const waiting = toolCall(1, tool, { name: 'silent', timeout: 600, ...message });
    const [server, other] = [startRawServer(box), startRawServer(box)];
    for (const { send } of [server, other]) send(...handshake, waiting, toolCall(2, 'ListServices'));
    await Promise.all([server, other].map((each) => each.responseTo(2)));
    server.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    // The call that is not cancelled continues for three seconds after the end of the input.
    for (const { child } of [server, other]) child.stdin.end();
    expect(await Promise.race([server, other].map((each) => each.exitCode().then(() => each)))).toBe(server);
    expect(await server.exitCode()).toBe(0);
    expect(messagesOf(server.output.stdout).map(({ id }) => id)).toEqual(['open', 2]);
    expect(server.output.stderr).toBe('');
    expect(await box.candleJson(['list'])).toEqual(before);
  },
);

test('A start with wait that the client cancels stops waiting and leaves the service running', async () => {
  const box = sandbox({ config: { services: [silent] } });
  const server = startRawServer(box);
  server.send(...handshake, toolCall(1, 'ReservePort', { serviceName: 'silent' }));
  await server.responseTo(1);
  server.send(toolCall(2, 'StartService', { name: 'silent', wait: 600 }));
  await until('the service runs', async () => (await box.candleJson(['list'])).services[0].running);
  server.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
  server.child.stdin.end();
  expect(await server.exitCode()).toBe(0);
  expect(withoutNewCommands(server.output.stderr)).toBe('');
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
});

test('A wait ends with an error a few seconds after the client has closed stdin', async () => {
  const box = sandbox({ config: { services: [silent] } });
  await box.candle(['start', 'silent']);
  const server = startRawServer(box);
  server.send(...handshake, toolCall(1, 'WaitForLog', { name: 'silent', message: 'never', timeout: 600 }));
  server.child.stdin.end();
  expect(await server.exitCode()).toBe(0);
  expect(await server.responseTo(1)).toMatchObject({
    result: { isError: true, structuredContent: { error: { code: 'MCP_CLIENT_GONE' } } },
  });
  expect(server.output.stderr).toBe('');
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
});

test('CheckStartService keeps a running service and starts one that has exited', async () => {
  const directory = (box: { projectDir: string }) => join(box.projectDir, 'orders');
  const box = sandbox();
  box.writeFile('orders/.keep', '');
  box.writeConfig({ services: [{ name: 'api', shell: program('exits-on-request.mjs', directory(box)) }] });
  const mcp = await serveMcp(box);
  const outcome = async (input = {}) => (await mcp.ask('CheckStartService', input)).services[0];
  const first = await outcome({ name: 'api' });
  expect(first).toMatchObject({ outcome: 'running', ready: true });
  expect(await outcome()).toEqual({ ...first, outcome: 'kept', cursor: expect.any(String) });
  box.writeFile('orders/exit.3', '');
  await until(
    'the service has exited',
    async () => (await mcp.ask('ListServices')).services[0].status === 'EXITED (3)',
  );
  const second = await outcome();
  expect(second).toMatchObject({ outcome: 'running' });
  expect(second.runId).not.toBe(first.runId);
});
