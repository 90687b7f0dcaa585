import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runProgram, type Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../../sandbox.ts';
import { program } from '../../services/programs.ts';

// The official Inspector, by its command line: one process, and one server, for each question.

const require = createRequire(import.meta.url);
const manifest = require.resolve('@modelcontextprotocol/inspector/package.json');
const inspector = join(dirname(manifest), require(manifest).bin['mcp-inspector']);

/** It hands on no variables but those that it is told. */
function environmentOf({ env }: Sandbox): string[] {
  return ['CANDLE_STATE_DIR', 'TEST_SANDBOX'].flatMap((name) => ['-e', `${name}=${env[name]}`]);
}

async function inspect(box: Sandbox, ...args: readonly string[]) {
  const line = [inspector, '--cli', ...environmentOf(box), process.execPath, bin, 'mcp', ...args];
  const result = await runProgram(process.execPath, line, { cwd: box.projectDir, env: box.env });
  if (result.stdout === '') throw new Error(`The Inspector said nothing: ${result.stderr}`);
  return JSON.parse(result.stdout);
}

/** What each tool is called with, and a part of the structured content that comes back. In order: each finds what those before it have left. */
const calls: readonly (readonly [tool: string, input: Record<string, string>, answer: object])[] = [
  ['AddServerConfig', { name: 'api', shell: program('listens.mjs') }, { created: true }],
  ['ReservePort', { serviceName: 'api' }, { serviceName: 'api' }],
  ['GetReservedPort', { serviceName: 'api' }, { serviceName: 'api' }],
  ['GetOrReservePort', { serviceName: 'api' }, { wasReserved: false }],
  ['ListReservedPorts', {}, { ports: [{ serviceName: 'api' }] }],
  ['CheckStartService', { name: 'api' }, { services: [{ outcome: 'running' }] }],
  ['WaitForReady', { name: 'api', timeout: '20' }, { ready: true }],
  ['ListServices', {}, { services: [{ status: 'RUNNING' }] }],
  ['ListPorts', {}, { ports: [{ serviceName: 'api', reserved: true }] }],
  ['OpenBrowser', { serviceName: 'api' }, { opened: false }],
  ['RestartService', { name: 'api' }, { services: [{ outcome: 'running' }] }],
  ['StartService', { name: 'api' }, { services: [{ outcome: 'running' }] }],
  ['StartTransientService', { name: 'echo', shell: 'cat' }, { services: [{ name: 'echo', outcome: 'running' }] }],
  ['SendInput', { name: 'echo', text: 'hello' }, { sentBytes: 6 }],
  ['WaitForLog', { name: 'echo', message: 'hello' }, { text: 'hello' }],
  ['GetLogs', { name: 'echo', limit: '5' }, { services: [{ entries: [{ text: 'hello' }] }] }],
  ['ClearLogs', { name: 'echo' }, { services: [{ cleared: true }] }],
  ['KillService', { name: 'echo' }, { services: [{ stopped: true }] }],
  ['WhoHasPort', { port: '1' }, { port: 1, free: true }],
  ['ReleasePorts', {}, { releasedCount: 1 }],
];

test('The official Inspector lists every tool and calls each', { timeout: 180_000 }, async () => {
  const box = sandbox();
  box.writeFile('.git/HEAD', '');
  const { tools } = await inspect(box, '--method', 'tools/list');
  const names = tools.map(({ name }: { name: string }) => name);
  expect(calls.map(([tool]) => tool).toSorted()).toEqual(names.toSorted());
  for (const [tool, input, answer] of calls) {
    const given = Object.entries(input).flatMap(([field, value]) => ['--tool-arg', `${field}=${value}`]);
    const result = await inspect(box, '--method', 'tools/call', '--tool-name', tool, ...given);
    expect({ tool, ...result }).toMatchObject({ tool, structuredContent: answer });
    expect(result.isError, tool).not.toBe(true);
  }
});
