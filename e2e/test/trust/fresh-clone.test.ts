import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { markingConfig } from './strangers.ts';

/** Every command that starts no service, in an order in which each has something to do. */
const lines = [
  ...[
    [],
    ['--help'],
    ['help', 'start'],
    ['--version'],
    ['list'],
    ['ps'],
    ['list', '--all'],
    ['ps', '--all'],
    ['list-all'],
  ],
  ...[['ps-all'], ['list-ports'], ['list-ports-all'], ['get-or-reserve-port', 'web'], ['get-reserved-port', 'web']],
  ...[['list-reserved-ports'], ['list-reserved-ports-all'], ['who-has', '4000'], ['env', 'web'], ['env', '--explain']],
  ...[['exec', 'web', '--', 'true'], ['logs'], ['logs', 'web'], ['wait-for-log', 'web', '--message', 'x']],
  ...[['wait-for-ready', 'web', '--timeout', '1'], ['send', 'web', 'x'], ['open-browser', 'web'], ['url'], ['doctor']],
  ...[['plugins'], ['config-schema'], ['list-docs'], ['get-doc', 'trust'], ['agents', 'guide'], ['trust', '--list']],
  ...[
    ['trust', '.'],
    ['add-service', 'own', '--shell', 'true'],
    ['remove-service', 'own'],
    ['setup-project'],
    ['init'],
  ],
  ...[['restart'], ['kill'], ['kill', 'web'], ['kill-all'], ['clear-logs'], ['reserve-port'], ['release-ports']],
  ...[['down'], ['open', 'web'], ['erase-database', '--force']],
];

/** The tools that start no service. */
const tools = [
  ...['ListServices', 'ListReservedPorts', 'ListPorts', 'GetLogs'].map((name) => [name, {}] as const),
  ['WhoHasPort', { port: 4000 }],
  ['KillService', { name: 'web' }],
  ['Down', {}],
  ['WaitForReady', { name: 'web', timeout: 1 }],
] as const;

test('in a freshly cloned repository, nothing runs before a command that starts services', async () => {
  const box = sandbox();
  const marking = markingConfig(box);
  box.writeConfig(marking.text);
  const hook = `require('node:fs').writeFileSync(${JSON.stringify(join(box.root, 'marks/plugin'))}, '')`;
  for (const path of ['hook.js', 'node_modules/evil/hook.js']) box.writeFile(path, hook);
  const oclif = { commands: '.', hooks: { init: './hook.js' }, plugins: ['evil'] };
  const text = JSON.stringify({ name: 'evil', version: '1.0.0', oclif, scripts: { preinstall: 'node hook.js' } });
  for (const path of ['package.json', 'node_modules/evil/package.json']) box.writeFile(path, text);
  const hasRun = () => marking.hasRun() || existsSync(join(box.root, 'marks/plugin'));
  for (const line of lines) {
    await box.candle(line);
    expect([line, hasRun()]).toEqual([line, false]);
  }
  const mcp = await serveMcp(box);
  for (const [tool, input] of tools) {
    await mcp.call(tool, input);
    expect([tool, hasRun()]).toEqual([tool, false]);
  }
  await mcp.close();
  rmSync(join(box.projectDir, 'package.json'));
  // The marks would have been noticed.
  await box.candle(['start', 'web', '--bg']);
  expect(marking.ran('shell')).toBe(true);
  expect(marking.ran('ready')).toBe(true);
  await box.candle(['kill']);
  expect(marking.ran('stop')).toBe(true);
});
