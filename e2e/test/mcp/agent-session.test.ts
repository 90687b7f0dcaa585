import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { failureOf, serveMcp, textOf } from './mcp-client.ts';

test('An agent can do all its work with the tools alone, from adding a service to cleaning up', async () => {
  const box = sandbox();
  const mcp = await serveMcp(box, { cwd: box.home });
  const ask = (tool: string, input: object = {}) => mcp.ask(tool, { projectDir: box.projectDir, ...input });
  const orders = join(box.projectDir, 'orders');
  box.writeFile('orders/.keep', '');
  const shell = `echo "listening on $PORT"; exec ${program('exits-on-request.mjs', orders)}`;

  // The agent adds a service to the configuration and reserves a port for it.
  expect(await ask('AddServerConfig', { name: 'api', shell })).toMatchObject({ created: true, root: null });
  expect(JSON.parse(readFileSync(join(box.projectDir, '.candle.json'), 'utf8')).services).toEqual([
    { name: 'api', shell, port: 'auto' },
  ]);
  const { port } = await ask('GetOrReservePort', { serviceName: 'api' });

  // It starts the service, waits for a line of output, and reads the log, which has the line once.
  const started = (await ask('StartService', { name: 'api', wait: 30 })).services[0];
  expect(started).toMatchObject({ outcome: 'running', ready: true, port });
  expect((await ask('WaitForLog', { name: 'api', message: 'listening' })).text).toBe(`listening on ${port}`);
  const log = (await ask('GetLogs', { name: 'api' })).services[0];
  expect(log.entries).toMatchObject([{ text: `listening on ${port}` }]);
  expect((await ask('ListPorts')).ports).toMatchObject([{ serviceName: 'api', port, reserved: true }]);
  expect(await ask('OpenBrowser', { serviceName: 'api' })).toEqual({ url: `http://localhost:${port}`, opened: false });

  // The service crashes; the output after the cursor shows how it ended.
  box.writeFile('orders/exit.7', '');
  await until('the service has crashed', async () => (await ask('ListServices')).services[0].status === 'EXITED (7)');
  const since = (await ask('GetLogs', { name: 'api', startAt: log.cursor })).services[0];
  expect(since.entries).toMatchObject([{ kind: 'ended', exitCode: 7, reason: 'exited' }]);
  const unready = await mcp.call('WaitForReady', { name: 'api', projectDir: box.projectDir });
  expect(failureOf(unready).code).toBe('SERVICE_NOT_RUNNING');

  // The service is started again, and a restart begins a new run.
  expect((await ask('CheckStartService', { name: 'api', wait: 30 })).services[0].outcome).toBe('running');
  const restarted = (await ask('RestartService', { name: 'api', wait: 30 })).services[0];
  expect(restarted.runId).not.toBe(started.runId);
  expect(await ask('WaitForReady', { name: 'api' })).toMatchObject({ ready: true, runId: restarted.runId, port });

  // A transient service takes input.
  await ask('StartTransientService', { name: 'shell', shell: 'cat' });
  await ask('SendInput', { name: 'shell', text: 'hello' });
  expect((await ask('WaitForLog', { name: 'shell', message: 'hello' })).text).toBe('hello');
  const refused = await mcp.call('StartTransientService', { name: 'api', shell: 'true', projectDir: box.projectDir });
  expect(failureOf(refused).code).toBe('SERVICE_IS_CONFIGURED');

  // Meanwhile another program has taken the port: the error reports its PID, and the agent reserves another port.
  await ask('KillService', { name: 'api' });
  const owner = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void owner.close());
  await until('the other program listens', () => owner.listening);
  const conflict = await mcp.call('StartService', { name: 'api', projectDir: box.projectDir });
  expect(failureOf(conflict).code).toBe('PORT_IN_USE');
  expect(textOf(conflict)).toContain(String(process.pid));
  await ask('ReleasePorts', { serviceName: 'api' });
  const other = (await ask('ReservePort', { serviceName: 'api' })).port;
  expect(other).not.toBe(port);
  expect((await ask('StartService', { name: 'api', wait: 30 })).services[0].port).toBe(other);

  // The agent cleans up.
  await ask('KillService', { name: 'api' });
  await ask('KillService', { name: 'shell' });
  expect((await ask('ClearLogs')).services).toHaveLength(2);
  expect((await ask('ReleasePorts')).releasedCount).toBe(1);
  expect((await ask('ListReservedPorts')).ports).toEqual([]);
  expect((await ask('ListServices')).services.map(({ running }: { running: boolean }) => running)).toEqual([
    false,
    false,
  ]);
  expect(mcp.log()).toBe(`First start of these commands on this machine:\n  api: ${shell}\n`);
});
