import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { testInFull } from '../bounded.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { groupOf } from '../services/sequences/tree.ts';
import { awaitQuiet, hookLog, linkHookPlugin, type Note, runnersOf } from './hook-plugin.ts';

const listens = { name: 'api', shell: program('listens.mjs') };
const sleeps = { name: 'api', shell: 'exec sleep 600' };

function kindsOf(notes: readonly Note[]): string[] {
  return notes.map(({ kind }) => kind);
}

/** A hook that waits for the file `go` in the directory of its plugin, and then records the event. */
const waits = `import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
export default async function wait({ event }) {
  while (!existsSync(new URL('../go', import.meta.url))) await setTimeout(10);
  appendFileSync(new URL('../notes.jsonl', import.meta.url), JSON.stringify(event) + '\\n');
}`;

test('a plugin receives the events of commands in order, and the commands print nothing extra', async () => {
  const box = sandbox({ config: { services: [listens] } });
  const plugin = await linkHookPlugin(box);
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const [{ runId, pid }] = (await box.candleJson(['start', 'api'])).services;
  const group = groupOf(pid);
  expect((await box.candle(['kill', 'api'])).stderr).toBe('');
  expect((await box.candle(['release-ports'])).stderr).toBe('');
  const notes = await plugin.awaitNotes(4);
  const parts = { projectDir: box.projectDir, serviceName: 'api', port, atMs: expect.any(Number) };
  const run = { ...parts, runId, pid: group };
  expect(notes).toEqual([
    { kind: 'port-reserved', ...parts, hookPid: expect.any(Number) },
    { kind: 'service-started', ...run, attempt: 0, hookPid: expect.any(Number) },
    {
      kind: 'service-stopped',
      ...run,
      exitCode: 143,
      exitSignal: 'SIGTERM',
      reason: 'stopped',
      hookPid: expect.any(Number),
    },
    { kind: 'port-released', ...parts, hookPid: expect.any(Number) },
  ]);
  await awaitQuiet(box);
  expect(plugin.notes()).toHaveLength(4);
});

testInFull(
  'an existing reservation, a running service or a failed start raises no port-reserved or service-started event',
  async () => {
    const box = sandbox({ config: { services: [sleeps, { name: 'fails', shell: 'exit 3' }] } });
    await box.candle(['reserve-port', 'web']);
    await box.candle(['start', 'api']);
    const plugin = await linkHookPlugin(box);
    await box.candle(['get-or-reserve-port', 'web']);
    await box.candle(['reserve-port', 'web']);
    await box.candle(['check-start', 'api']);
    await box.candle(['start', 'fails']);
    expect(await plugin.awaitNotes(1)).toMatchObject([{ kind: 'service-stopped', exitCode: 3, reason: 'exited' }]);
    await awaitQuiet(box);
    expect(plugin.notes()).toHaveLength(1);
  },
);

testInFull('several events of one command are delivered in one process, each exactly once', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const box = sandbox({ config: { services: names.map((name) => ({ ...sleeps, name })) } });
  const plugin = await linkHookPlugin(box);
  await box.candle(['start']);
  const started = await plugin.awaitNotes(4);
  expect(started.map(({ kind, serviceName }) => [kind, serviceName]).sort()).toEqual(
    names.map((name) => ['service-started', name]),
  );
  expect(new Set(started.map(({ hookPid }) => hookPid)).size).toBe(1);
  await box.candle(['kill']);
  expect(kindsOf((await plugin.awaitNotes(8)).slice(4))).toEqual(names.map(() => 'service-stopped'));
  await awaitQuiet(box);
  expect(plugin.notes()).toHaveLength(8);
});

test('a plugin receives the events of MCP tools', async () => {
  const box = sandbox({ config: { services: [listens] } });
  const plugin = await linkHookPlugin(box);
  const server = await serveMcp(box);
  await server.ask('ReservePort', { serviceName: 'api' });
  await server.ask('StartService', { name: 'api' });
  await server.ask('KillService', { name: 'api' });
  await server.ask('ReleasePorts');
  const notes = await plugin.awaitNotes(4);
  expect(kindsOf(notes)).toEqual(['port-reserved', 'service-started', 'service-stopped', 'port-released']);
});

test('a plugin receives events for a crash and for the restart by the supervisor', async () => {
  const shell = 'while [ ! -e crash ]; do sleep 0.02; done; rm crash; exit 3';
  const restart = { policy: 'on-failure', delay: '60ms', maxDelay: '60ms' };
  const box = sandbox({ config: { services: [{ name: 'api', shell, restart }] } });
  const plugin = await linkHookPlugin(box);
  await box.candle(['start', 'api']);
  await plugin.awaitNotes(1);
  box.writeFile('crash', '');
  const [, stopped, started] = await plugin.awaitNotes(3);
  expect(stopped).toMatchObject({ kind: 'service-stopped', exitCode: 3, exitSignal: null, reason: 'exited' });
  expect(started).toMatchObject({ kind: 'service-started', attempt: 1 });
  // The supervisor exits as it does without plugins.
  await box.candle(['kill', 'api']);
  await until('the supervisor and the event runner have exited', () => box.background().length === 0);
  expect(kindsOf(plugin.notes())).toEqual(['service-started', 'service-stopped', 'service-started', 'service-stopped']);
});

test('no command waits for a hook', async () => {
  const box = sandbox({ config: { services: [listens] } });
  const plugin = await linkHookPlugin(box, { code: waits });
  expect((await box.candle(['reserve-port', 'api'])).exitCode).toBe(0);
  expect((await box.candle(['start', 'api'])).exitCode).toBe(0);
  expect((await box.candle(['kill', 'api'])).exitCode).toBe(0);
  expect(plugin.notes()).toEqual([]);
  box.writeFile(join('..', plugin.name, 'go'), '');
  expect(kindsOf(await plugin.awaitNotes(3))).toEqual(['port-reserved', 'service-started', 'service-stopped']);
});

test('a hook can use the host but does not get the environment of the command, and its output goes to hooks.log', async () => {
  const box = sandbox();
  const code = `import { writeFileSync } from 'node:fs';
export default function record({ event, host }) {
  console.log('to stdout');
  console.error('to stderr');
  const { HOME, SECRET, PORT } = process.env;
  writeFileSync(new URL('../seen.json', import.meta.url), JSON.stringify({ HOME, SECRET, PORT, stateDir: host.stateDir() }));
}`;
  const plugin = await linkHookPlugin(box, { code });
  const env = { SECRET: 'hunter2', PORT: '3000' };
  expect(await box.candle(['reserve-port', 'api', '--json'], { env })).toMatchObject({ exitCode: 0, stderr: '' });
  await awaitQuiet(box);
  const seen = JSON.parse(readFileSync(join(plugin.root, 'seen.json'), 'utf8'));
  expect(seen).toEqual({ HOME: box.home, stateDir: box.stateDir });
  expect(hookLog(box)).toMatch(/candle-plugin-notes port-reserved api .*\nto stdout\nto stderr\n$/);
  expect(statSync(join(box.stateDir, 'events', 'hooks.log')).mode & 0o777).toBe(0o600);
});

testInFull(
  'the events of 32 concurrent commands are delivered by at most two processes, each exactly once',
  async () => {
    const box = sandbox();
    const plugin = await linkHookPlugin(box);
    let max = 0;
    const watch = setInterval(() => {
      max = Math.max(max, runnersOf(box).length);
    }, 20);
    await Promise.all(Array.from({ length: 32 }, (_, n) => box.candle(['reserve-port', `s${n}`])));
    const notes = await plugin.awaitNotes(32);
    await awaitQuiet(box);
    clearInterval(watch);
    expect(new Set(notes.map(({ serviceName }) => serviceName)).size).toBe(32);
    expect(plugin.notes()).toHaveLength(32);
    expect(max).toBeLessThanOrEqual(2);
  },
);

test('after the event runner is killed, the interrupted event is not repeated, and the next event is delivered', async () => {
  const box = sandbox();
  const plugin = await linkHookPlugin(box, { code: waits });
  await box.candle(['reserve-port', 'api']);
  const [runner = 0] = await until('the hook waits', () => hookLog(box) !== '' && runnersOf(box));
  process.kill(runner, 'SIGKILL');
  await until('its hook has ended with it', () => box.background().length === 0);
  box.writeFile(join('..', plugin.name, 'go'), '');
  await box.candle(['reserve-port', 'web']);
  expect((await plugin.awaitNotes(1)).map(({ serviceName }) => serviceName)).toEqual(['web']);
});

test('a hook that blocks ends when the event runner is killed', async () => {
  const box = sandbox();
  await linkHookPlugin(box, { code: "export default () => { console.log('blocks'); for (;;); }" });
  await box.candle(['reserve-port', 'api']);
  await until('the hook blocks', () => hookLog(box).includes('blocks\n'));
  for (const pid of runnersOf(box)) process.kill(pid, 'SIGKILL');
  await until('the hook has ended', () => box.background().length === 0);
});

test('erase-database removes the whole state directory, even while a hook runs', async () => {
  const box = sandbox();
  const plugin = await linkHookPlugin(box, { code: waits });
  await box.candle(['reserve-port', 'api']);
  await until('the hook waits', () => hookLog(box) !== '');
  expect(await box.candle(['erase-database', '--force'])).toMatchObject({ exitCode: 0 });
  box.writeFile(join('..', plugin.name, 'go'), '');
  await awaitQuiet(box);
  expect(existsSync(box.stateDir)).toBe(false);
});

test('an event that no plugin handles creates no files and starts no process', async () => {
  const box = sandbox();
  await linkHookPlugin(box, { hooked: ['service-started'] });
  await box.candle(['reserve-port', 'api']);
  expect(existsSync(join(box.stateDir, 'events'))).toBe(false);
  expect(runnersOf(box)).toEqual([]);
});
