import { appendFileSync, copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { inBackground } from '../services/background.ts';
import { awaitNoSupervisor, awaitSupervisor } from '../supervisor-of.ts';

const service = {
  name: 'b',
  shell: 'echo begun; exec sleep 713',
  ready: false,
  restart: { policy: 'always', delay: '50ms' },
};
const config = { services: [service] };

const database = (box: Sandbox) => join(box.stateDir, 'state.db');
const older = (box: Sandbox) => join(box.root, 'older.db');
const programs = (box: Sandbox) => box.processes().filter(({ command }) => command.startsWith('sleep 713'));

/** What may happen to the database of a process that has it open. `older` is an intact copy from before the start. */
const replacements: readonly [string, (box: Sandbox) => void][] = [
  ['overwritten with an older copy', (box) => copyFileSync(older(box), database(box))],
  ['replaced by an older copy', (box) => renameSync(older(box), database(box))],
  ['overwritten with its last copy', (box) => copyFileSync(join(box.stateDir, 'state.db.last'), database(box))],
  ['replaced by its last copy', (box) => renameSync(join(box.stateDir, 'state.db.last'), database(box))],
  ['deleted', (box) => rmSync(database(box))],
  [
    'separated from the files beside it',
    (box) => {
      for (const part of ['-wal', '-shm', '-journal', '.commit']) rmSync(database(box) + part, { force: true });
    },
  ],
];

/** Each project has one reservation before the older copy is made, and one after it. */
async function reservedTwice(): Promise<Sandbox> {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'early']);
  copyFileSync(database(box), older(box));
  return box;
}

async function portsByName(box: Sandbox): Promise<ReadonlyMap<string, number>> {
  const { ports } = await box.candleJson(['list-reserved-ports', '--all']);
  const names = new Map<string, number>(
    ports.map((each: { serviceName: string; port: number }) => [each.serviceName, each.port]),
  );
  expect(new Set(names.values()).size).toBe(ports.length);
  return names;
}

const setAside = (box: Sandbox) =>
  readdirSync(box.stateDir).filter((name) => /^state\.db\.damaged-.*\.json$/.test(name));

inPart(2).for(replacements)(
  'if state.db is %s under a supervisor, there is one instance of a service, no port is lost, and kill-all stops it',
  async ([what, replace]) => {
    const box = await reservedTwice();
    await box.candle(['start', 'b', '--bg']);
    await box.candle(['reserve-port', 'late']);
    const { pid } = await awaitSupervisor(box);
    const before = await portsByName(box);
    const running = (await box.candleJson(['ps'])).services;
    replace(box);
    if (/older|deleted/.test(what)) await until('the supervisor has restored it', () => setAside(box).length === 1);
    expect((await box.candleJson(['ps'])).services).toEqual(running);
    expect(await portsByName(box)).toEqual(before);
    await box.candle(['start', 'b', '--bg']);
    expect(programs(box)).toHaveLength(1);
    // The supervisor still restarts the service.
    const [program] = programs(box);
    process.kill(Number(program?.pid), 'SIGKILL');
    await until('the service runs again', () => programs(box).some((each) => each.pid !== program?.pid));
    expect(programs(box)).toHaveLength(1);
    expect((await awaitSupervisor(box)).pid).toBe(pid);
    expect((await box.candle(['kill-all'])).exitCode).toBe(0);
    await awaitNoSupervisor(box);
    expect(box.processes()).toEqual([]);
  },
);

test('the next command says that an older copy was in the place of the database, and what was restored', async () => {
  const box = await reservedTwice();
  await box.candle(['reserve-port', 'late']);
  renameSync(older(box), database(box));
  const { exitCode, stderr } = await box.candle(['get-reserved-port', 'late']);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    `Warning: Candle's database ${database(box)} could not be used (it was replaced by an older copy)`,
  );
  expect(stderr).toContain('Restored: 2 reservations, 0 running services, 0 earlier runs');
  expect(stderr).toContain('candle get-doc replaced-database');
  expect(await box.candle(['ps'])).toMatchObject({ exitCode: 0, stderr: '' });
});

test('doctor reports an older copy in the place of the database, and changes nothing', async () => {
  const box = await reservedTwice();
  await box.candle(['reserve-port', 'late']);
  copyFileSync(older(box), database(box));
  const { checks } = await box.candleJson(['doctor']);
  expect(checks.find((each: { name: string }) => each.name === 'database')).toMatchObject({
    status: 'problem',
    message: `${database(box)} was replaced by an older copy`,
  });
  expect(setAside(box)).toEqual([]);
});

inPart(2).for(replacements)('if state.db is %s under an MCP server, no port is assigned twice', async ([, replace]) => {
  const box = await reservedTwice();
  const mcp = await serveMcp(box);
  await mcp.ask('ReservePort', { serviceName: 'one' });
  // A command copies the database that it changed; the server would do so half a minute later.
  await box.candle(['reserve-port', 'two']);
  const before = await portsByName(box);
  replace(box);
  await mcp.ask('ReservePort', { serviceName: 'three' });
  await box.candle(['reserve-port', 'four']);
  await mcp.close();
  const after = await portsByName(box);
  expect([...after.keys()].toSorted()).toEqual(['early', 'four', 'one', 'three', 'two']);
  for (const [name, port] of before) expect(after.get(name)).toBe(port);
});

/** Prints the lines that are added to a file. */
const printer = { name: 'b', shell: 'echo begun; touch lines.txt; exec tail -f -n +1 lines.txt', ready: false };

inPart(2).for(replacements)(
  'if state.db is %s, commands that follow output continue with the database that is there',
  async ([, replace]) => {
    const box = await reservedTwice();
    box.writeConfig({ services: [printer] });
    const print = (text: string) => appendFileSync(join(box.projectDir, 'lines.txt'), `${text}\n`);
    const starter = inBackground(box, ['start', 'b', '--watch']);
    await until('it has started the service', () => starter.shown.stdout.includes('begun'));
    const followers = [starter, ...[['logs', 'b', '-f'], ['watch']].map((args) => inBackground(box, args))];
    const waiting = inBackground(box, ['wait-for-log', 'b', '--message', 'found', '--timeout', '60']);
    for (const { shown } of followers) {
      await until('it follows the output', () => {
        print('tick');
        return shown.stdout.includes('tick');
      });
    }
    replace(box);
    await box.candle(['reserve-port', 'next']);
    print('found');
    expect(await waiting.ended, waiting.shown.stderr).toBe(0);
    for (const { shown } of followers) await until('it still follows the run', () => shown.stdout.includes('found'));
    await box.candle(['restart', 'b']);
    print('after');
    // `start` ends with its run.
    for (const { shown } of followers.slice(1))
      await until('it follows the next run', () => shown.stdout.includes('after'));
    expect(box.processes().filter(({ command }) => command.startsWith('tail'))).toHaveLength(1);
    for (const follower of followers) await follower.interrupt();
  },
);

test('64 commands that reserve ports while state.db is replaced all succeed, and keep every port that was copied', async () => {
  const box = await reservedTwice();
  const names = Array.from({ length: 64 }, (_, index) => `service-${index}`);
  const results = names.map((name) => box.candleJson(['reserve-port', name]));
  const copy = join(box.stateDir, 'state.db.last');
  await until('some have reserved a port', async () => copiedPorts(copy).length > 8);
  const copied = copiedPorts(copy);
  renameSync(older(box), database(box));
  for (const each of await Promise.all(results)) expect(each).toMatchObject({ port: expect.any(Number) });
  const ports = [...(await portsByName(box)).values()];
  expect(copied.filter((port) => !ports.includes(port))).toEqual([]);
}, 120_000);

function copiedPorts(path: string): readonly number[] {
  if (!existsSync(path)) return [];
  const copy = new DatabaseSync(path, { readOnly: true });
  const ports = copy
    .prepare('SELECT port FROM reservations')
    .all()
    .map(({ port }) => Number(port));
  copy.close();
  return ports;
}
