import { expect, test } from 'vitest';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { awaitQuiet, type HookPlugin, hookLog, linkHookPlugin } from './hook-plugin.ts';

const failures = [
  ['throws', "export default () => { throw new Error('no such proxy'); }", 'no such proxy'],
  ['rejects', "export default async () => { throw 'a text'; }", 'a text'],
  ['ends its process', 'export default () => process.exit(3)', 'its process exited with code 3'],
  ['is killed', "export default () => process.kill(process.pid, 'SIGKILL')", 'its process was killed by SIGKILL'],
  ['cannot be read', 'export default (', 'Unexpected'],
  ['misses a module', "import 'nowhere'; export default () => {}", "Cannot find package 'nowhere'"],
] as const;

test('a failed hook is reported once by the next command without --json, and by doctor until it succeeds', async () => {
  const box = sandbox();
  const plugins: HookPlugin[] = [];
  for (const [index, [, code]] of failures.entries()) {
    plugins.push(
      await linkHookPlugin(box, { name: `candle-plugin-failure-${index}`, code, hooked: ['port-reserved'] }),
    );
  }
  const working = await linkHookPlugin(box);
  expect(await box.candle(['reserve-port', 'api'])).toMatchObject({ exitCode: 0 });
  await working.awaitNotes(1);
  await awaitQuiet(box);

  // Neither JSON output nor an MCP server reports the failures.
  expect((await box.candle(['list-reserved-ports', '--json'])).stderr).toBe('');
  const server = await serveMcp(box);
  await server.ask('ListReservedPorts');
  expect(server.log()).toBe('');
  const { stderr } = await box.candle(['list-reserved-ports']);
  for (const [index, [, , problem]] of failures.entries()) {
    const name = `candle-plugin-failure-${index}`;
    expect(stderr).toContain(`Warning: Plugin '${name}' failed to handle port-reserved: `);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(`candle plugins unlink ${name}\n`);
  }
  expect((await box.candle(['list-reserved-ports'])).stderr).toBe('');
  expect(hookLog(box)).toContain('Error: no such proxy\n');

  const findings = async () => {
    const { checks } = await box.candleJson(['doctor']);
    return checks.filter((check: { name: string; status: string }) => check.name === 'hooks' && check.status !== 'ok');
  };
  expect((await findings()).map(({ status }: { status: string }) => status)).toEqual(failures.map(() => 'warning'));
  expect((await box.candle(['doctor'])).exitCode).toBe(0);
  await box.candle(['plugins', 'unlink', plugins[1]?.name ?? '']);
  expect(await findings()).toHaveLength(failures.length - 1);
  for (const plugin of plugins) plugin.write('export default () => undefined');
  await box.candle(['reserve-port', 'web']);
  await working.awaitNotes(2);
  await awaitQuiet(box);
  expect(await findings()).toEqual([]);
});
