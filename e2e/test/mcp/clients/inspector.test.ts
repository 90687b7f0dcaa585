import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runProgram, type Sandbox } from '@candle/test-kit';
import { expect } from 'vitest';
import { testInFull } from '../../bounded.ts';
import { bin, sandbox } from '../../sandbox.ts';
import { program } from '../../services/programs.ts';

// Uses the command line of the official Inspector, which starts a new process and a new server for each request.

const require = createRequire(import.meta.url);
const manifest = require.resolve('@modelcontextprotocol/inspector/package.json');
const inspector = join(dirname(manifest), require(manifest).bin['mcp-inspector']);

/** The Inspector passes only these variables on to the server. */
function environmentOf({ env }: Sandbox): string[] {
  return ['CANDLE_STATE_DIR', 'TEST_SANDBOX'].flatMap((name) => ['-e', `${name}=${env[name]}`]);
}

async function inspect(box: Sandbox, ...args: readonly string[]) {
  const line = [inspector, '--cli', ...environmentOf(box), process.execPath, bin, 'mcp', ...args];
  const result = await runProgram(process.execPath, line, { cwd: box.projectDir, env: box.env });
  if (result.stdout === '') throw new Error(`The Inspector printed nothing: ${result.stderr}`);
  return JSON.parse(result.stdout);
}

/** The input of each tool and a part of the expected structured content. The order matters: each call depends on the previous ones. */
const calls: readonly (readonly [tool: string, input: Record<string, string>, output: object])[] = [
  ['AddServerConfig', { name: 'api', shell: program('listens.mjs') }, { created: true }],
  ['ReservePort', { serviceName: 'api' }, { serviceName: 'api' }],
  ['GetReservedPort', { serviceName: 'api' }, { serviceName: 'api' }],
  ['GetOrReservePort', { serviceName: 'api' }, { wasReserved: false }],
  ['ListReservedPorts', {}, { ports: [{ serviceName: 'api' }] }],
  ['CheckStartService', { name: 'api' }, { services: [{ outcome: 'running' }] }],
  ['WaitForReady', { name: 'api', timeout: '20' }, { ready: true }],
  ['Up', { timeout: '20' }, { ready: true, services: [{ name: 'api', state: 'kept' }] }],
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
  ['Down', {}, { reservedPorts: [{ name: 'api' }] }],
  ['ReleasePorts', {}, { releasedCount: 1 }],
];

testInFull('The official Inspector lists and calls every tool', { timeout: 180_000 }, async () => {
  const box = sandbox();
  box.writeFile('.git/HEAD', '');
  const { tools } = await inspect(box, '--method', 'tools/list');
  const names = tools.map(({ name }: { name: string }) => name);
  expect(calls.map(([tool]) => tool).toSorted()).toEqual(names.toSorted());
  for (const [tool, input, output] of calls) {
    const toolArgs = Object.entries(input).flatMap(([field, value]) => ['--tool-arg', `${field}=${value}`]);
    const result = await inspect(box, '--method', 'tools/call', '--tool-name', tool, ...toolArgs);
    expect({ tool, ...result }).toMatchObject({ tool, structuredContent: output });
    expect(result.isError, tool).not.toBe(true);
  }
});
