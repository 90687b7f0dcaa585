import { join } from 'node:path';
import { openSandbox, runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');
const counter = join(repository, 'scripts/count-files-run.mjs');

const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
/** What an MCP client sends to start the service `api`. */
const mcpMessages = [
  { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'StartService', arguments: { name: 'api' } } },
]
  .map((message) => `${JSON.stringify(message)}\n`)
  .join('');

const server = `require('node:http').createServer().listen(process.env.PORT, () => console.log('listens'))`;

/** A sandbox in which the service has its port, and the database exists. */
async function openBox(): Promise<Sandbox> {
  const box = openSandbox({
    bin: join(repository, 'apps/cli/bin/dev.js'),
    config: { services: { api: { shell: `exec node -e "${server}"` } } },
  });
  onTestFinished(async () => {
    // A supervisor that is still loading its sources does not react to the SIGTERM with which a sandbox ends it.
    const isLoaded = () => box.background().some(({ command }) => command.startsWith('candle-supervisor'));
    await until('no supervisor is loading', () => box.background().length === 0 || isLoaded());
    await box.close();
  });
  expect(await box.candle(['reserve-port', 'api'])).toMatchObject({ exitCode: 0 });
  return box;
}

/** The number of files in which code runs, and their names, one per line. */
async function filesRun({ projectDir, env }: Sandbox, args: readonly string[], input?: string) {
  const { stdout, stderr, exitCode } = await runProgram(process.execPath, [counter, '--list', ...args], {
    cwd: projectDir,
    env,
    ...(input === undefined ? {} : { input }),
  });
  expect(exitCode, stderr).toBe(0);
  const [count, ...files] = stdout.trim().split('\n');
  return { count: Number(count), files, stderr };
}

// The limits keep the way from a command to its effect short. If a test fails, merge files that are always read together,
// or find out why the command now runs other code. A start that has to wait on a busy machine runs a little more code.
const afterBusyMoment = { retry: 2 };

test('get-reserved-port runs code in at most 33 files, and reserve-port in at most 40', async () => {
  const box = await openBox();
  const reserved = await filesRun(box, ['reserve-port', 'web']);
  expect(reserved.files).toContain('packages/core/src/reservations/reserve-port.ts');
  expect(reserved.count, reserved.files.join('\n')).toBeLessThanOrEqual(40);
  const found = await filesRun(box, ['get-reserved-port', 'api']);
  expect(found.count, found.files.join('\n')).toBeLessThanOrEqual(33);
});

test('start runs code in at most 103 files, and logs in at most 50', afterBusyMoment, async () => {
  const box = await openBox();
  const started = await filesRun(box, ['start', 'api']);
  expect(started.stderr).toContain("Started process 'api'");
  expect(started.count, started.files.join('\n')).toBeLessThanOrEqual(103);
  await until('the service has printed', async () => (await box.candle(['logs', 'api'])).stdout.includes('listens'));
  const logs = await filesRun(box, ['logs', 'api']);
  expect(logs.stderr).toContain('listens');
  expect(logs.count, logs.files.join('\n')).toBeLessThanOrEqual(50);
});

test('the MCP tool StartService runs code in at most 108 files', afterBusyMoment, async () => {
  const started = await filesRun(await openBox(), ['mcp'], mcpMessages);
  expect(started.stderr).toContain('"outcome":"running"');
  expect(started.count, started.files.join('\n')).toBeLessThanOrEqual(108);
});
