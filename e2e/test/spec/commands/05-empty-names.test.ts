import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { serveMcp } from '../../mcp/mcp-client.ts';
import { bin, sandbox } from '../../sandbox.ts';
import { commands } from './manifest.ts';

const config = { services: [{ name: 'api', shell: 'exec sleep 1000' }] };

test('an empty name is an error for every argument of every command', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port']);
  await box.candle(['start', 'api']);
  const taking = commands.filter(({ args }) => Object.keys(args).length > 0);
  expect(taking.map(({ id }) => id)).toEqual(expect.arrayContaining(['kill', 'logs', 'release-ports', 'start']));
  for (const { id, args } of taking) {
    const flags = { 'add-service': ['--shell', 'x'], send: ['text'], 'wait-for-log': ['--message', 'x'] }[id] ?? [];
    const lines = [[id, '', ...flags]];
    if (Object.values(args).some(({ multiple }) => multiple)) lines.push([id, 'api', '', ...flags]);
    for (const line of lines) {
      const { stdout, stderr, exitCode } = await box.candle(line);
      expect({ line, stdout, exitCode, sentence: stderr.split('\n', 1).join('') }).toEqual({
        line,
        stdout: '',
        exitCode: 1,
        sentence: expect.stringMatching(
          /^Error: ((A service name|The (name|directory) of a (plugin|page|command or topic)|The action and the shell|The directory) must not be empty|'' is not a port number)$/,
        ),
      });
    }
  }
  // An empty name never means "omitted".
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api', status: 'RUNNING' }]);
});

test('an empty value is an error for every flag that takes one', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  await box.candle(['start', 'api']);
  const words: Readonly<Record<string, string[]>> = { 'add-service': ['web'], start: ['web', '--shell', 'true'] };
  for (const { id, args, flags } of commands) {
    const needed = words[id] ?? Object.entries(args).flatMap(([, { required }]) => (required ? ['api'] : []));
    for (const [flag, { type }] of Object.entries(flags)) {
      if (type !== 'option') continue;
      const rest = needed.filter(
        (word, index) => !(flag === 'shell' && (word === '--shell' || needed[index - 1] === '--shell')),
      );
      const required = { 'add-service': 'shell', 'wait-for-log': 'message' }[id];
      const others = required !== undefined && flag !== required ? [`--${required}`, 'x'] : [];
      const { stdout, stderr, exitCode } = await box.candle([id, ...rest, ...others, `--${flag}=`]);
      expect({ id, flag, stdout, exitCode }).toEqual({ id, flag, stdout: '', exitCode: 1 });
      expect(stderr).toMatch(/^Error: .*(empty|'' is not|cannot be combined)/);
    }
  }
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'api', status: 'RUNNING' }]);
});

test('`release-ports "$UNSET"` does not release all ports', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'api']);
  const script = 'unset UNSET; "$0" "$1" release-ports "$UNSET"';
  const options = { cwd: box.projectDir, env: box.env };
  const { exitCode } = await runProgram('sh', ['-c', script, process.execPath, bin], options);
  expect(exitCode).toBe(1);
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
});

test('an empty name is an error in the configuration', async () => {
  const box = sandbox({ config: { services: [{ name: '', shell: 'x' }] } });
  const { stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Error: .*\.candle\.json is not valid[\s\S]*services\[0\]\.name: must not be empty/);
  box.writeConfig({ services: { '': { shell: 'x' } } });
  expect(await box.candle(['start'])).toMatchObject({ exitCode: 1 });
});

test('an empty name is an error in MCP tools', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port']);
  const mcp = await serveMcp(box);
  for (const [tool, field] of [
    ['ReservePort', 'serviceName'],
    ['GetReservedPort', 'serviceName'],
    ['GetOrReservePort', 'serviceName'],
    ['ReleasePorts', 'serviceName'],
    ['StartService', 'name'],
    ['KillService', 'name'],
    ['RestartService', 'name'],
    ['GetLogs', 'name'],
    ['ListReservedPorts', 'projectDir'],
    ['ListServices', 'projectDir'],
    ['ListPorts', 'serviceName'],
    ['ListPorts', 'projectDir'],
    ['OpenBrowser', 'serviceName'],
  ] as const) {
    const result = await mcp.call(tool, { [field]: '' });
    expect({ tool, isError: result.isError }).toEqual({ tool, isError: true });
  }
  expect((await box.candleJson(['list-reserved-ports'])).ports).toHaveLength(1);
});
