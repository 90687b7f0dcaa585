import { copyFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { awaitNoSupervisor, awaitSupervisor, endSupervisor } from '../supervisor-of.ts';

const config = { services: [{ name: 'b', shell: 'exec sleep 714', ready: false, port: 'auto' }] };

const programs = (box: Sandbox) => box.processes().filter(({ command }) => command.startsWith('sleep 714'));

/** What a database that was replaced around a start may say about the run. */
const orphaned = [
  ['does not know', 'DELETE FROM runs'],
  ['does not know with its service', 'DELETE FROM runs; DELETE FROM services'],
  ['takes for over', "UPDATE runs SET status = 'failed', ended_at_ms = 1, end_reason = 'interrupted'"],
] as const;

const database = (box: Sandbox) => join(box.stateDir, 'state.db');

function changeDatabase(box: Sandbox, change: string): void {
  const opened = new DatabaseSync(database(box), { timeout: 10_000 });
  opened.exec(change);
  opened.close();
}

/** Another file in its place, with the same content. */
function replaceDatabase(box: Sandbox): void {
  copyFileSync(database(box), join(box.root, 'copy.db'));
  renameSync(join(box.root, 'copy.db'), database(box));
}

async function startOne(): Promise<{ box: Sandbox; pid: number | undefined }> {
  const box = sandbox({ config });
  await box.candle(['start', 'b', '--bg']);
  const [program] = programs(box);
  return { box, pid: program?.pid };
}

/** Without a supervisor, which would adopt it. */
async function startOrphan(change: string): Promise<{ box: Sandbox; pid: number | undefined }> {
  const started = await startOne();
  await endSupervisor(started.box);
  changeDatabase(started.box, change);
  return started;
}

/** Two instances of a service, of which the database knows only the newer one. */
async function startTwo(): Promise<{ box: Sandbox; older: number | undefined; newer: number | undefined }> {
  const { box, pid: older } = await startOrphan('DELETE FROM runs');
  const runs = join(box.stateDir, 'runs');
  const [id = ''] = readdirSync(runs).filter((name) => name.includes('-'));
  renameSync(join(runs, id), join(box.root, id));
  await box.candle(['start', 'b', '--bg']);
  renameSync(join(box.root, id), join(runs, id));
  expect(programs(box)).toHaveLength(2);
  return { box, older, newer: programs(box).find(({ pid }) => pid !== older)?.pid };
}

async function running(box: Sandbox): Promise<readonly string[]> {
  const services: readonly { name: string; pid: number | null }[] = (await box.candleJson(['ps'])).services;
  return services.filter(({ pid }) => pid !== null).map(({ name }) => name);
}

inPart(1).for(orphaned)(
  'doctor reports a program whose run the database %s, and kill-all stops it',
  async ([, change]) => {
    const { box } = await startOrphan(change);
    expect(programs(box)).toHaveLength(1);
    const { checks } = await box.candleJson(['doctor']);
    expect(checks).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(/^A program is running that is not in the database: /),
      }),
    );
    expect(await box.candle(['kill-all'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("'b'") });
    await awaitNoSupervisor(box);
    expect(box.processes()).toEqual([]);
  },
);

inPart(1).for(orphaned)('a start replaces an instance of its service whose run the database %s', async ([, change]) => {
  const { box, pid } = await startOrphan(change);
  await box.candle(['start', 'b', '--bg']);
  await until('one instance is left', () => programs(box).length === 1);
  expect(programs(box)[0]?.pid).not.toBe(pid);
  await box.candle(['kill', 'b']);
  expect(programs(box)).toEqual([]);
});

inPart(1).for(orphaned)(
  'check-start keeps an instance of its service whose run the database %s',
  async ([, change]) => {
    const { box, pid } = await startOrphan(change);
    const { services } = await box.candleJson(['check-start', 'b']);
    expect(services).toMatchObject([{ name: 'b', outcome: 'kept' }]);
    expect(programs(box).map((program) => program.pid)).toEqual([pid]);
    expect(await running(box)).toEqual(['b']);
  },
);

inPart(1).for(orphaned)('the supervisor adopts a run that the database %s, with its port', async ([, change]) => {
  const { box, pid } = await startOne();
  const before = await box.candleJson(['list-reserved-ports']);
  await awaitSupervisor(box);
  changeDatabase(box, `${change}; DELETE FROM reservations`);
  await until('it is adopted', async () => (await running(box)).length === 1);
  expect(programs(box).map((program) => program.pid)).toEqual([pid]);
  const after = await box.candleJson(['list-reserved-ports']);
  const ports = ({ ports }: { ports: readonly { port: number; serviceName: string }[] }) =>
    ports.map(({ port, serviceName }) => [port, serviceName]);
  expect(ports(after)).toEqual(ports(before));
  await box.candle(['kill-all']);
  await awaitNoSupervisor(box);
  expect(box.processes()).toEqual([]);
});

test('the supervisor ends the older of two instances when the database is replaced', async () => {
  const { box, newer } = await startTwo();
  await awaitSupervisor(box);
  replaceDatabase(box);
  await until('one instance is left', () => programs(box).length === 1);
  expect(programs(box)[0]?.pid).toBe(newer);
  expect(await running(box)).toEqual(['b']);
  await box.candle(['kill-all']);
  await awaitNoSupervisor(box);
  expect(box.processes()).toEqual([]);
});

test('a supervisor that starts ends the older of two instances', async () => {
  const { box, newer } = await startTwo();
  await endSupervisor(box);
  box.writeConfig({ services: [...config.services, { name: 'other', shell: 'exec sleep 715', ready: false }] });
  await box.candle(['start', 'other', '--bg']);
  await until('one instance is left', () => programs(box).length === 1);
  expect(programs(box)[0]?.pid).toBe(newer);
  await box.candle(['kill-all']);
});

test('check-start ends the older of two instances and keeps the newer one', async () => {
  const { box, newer } = await startTwo();
  await endSupervisor(box);
  const { services } = await box.candleJson(['check-start', 'b']);
  expect(services).toMatchObject([{ name: 'b', outcome: 'kept' }]);
  expect(programs(box).map(({ pid }) => pid)).toEqual([newer]);
});

test('a start whose run is no longer in the database names the cause, and leaves nothing running', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'b']);
  // As if the database was replaced just after the row was committed.
  changeDatabase(box, 'CREATE TRIGGER replaced AFTER INSERT ON runs BEGIN DELETE FROM runs WHERE id = NEW.id; END');
  const { exitCode, stderr } = await box.candle(['start', 'b', '--bg']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Service 'b' was not started: Candle's database was replaced during the start");
  expect(stderr).toContain('Nothing was left running. To start it again: candle start b');
  expect(programs(box)).toEqual([]);
});

test('kill --port stops an instance that the database does not know by its listener', async () => {
  const listen = 'exec node -e "require(\'node:http\').createServer().listen(process.env.PORT)"';
  const box = sandbox({ config: { services: [{ name: 'web', shell: listen, port: 'auto' }] } });
  await box.candle(['start', 'web', '--bg']);
  const { port } = (await box.candleJson(['list-reserved-ports'])).ports[0];
  await endSupervisor(box);
  changeDatabase(box, 'DELETE FROM runs; DELETE FROM services');
  expect((await box.candleJson(['who-has', String(port)])).owners).toMatchObject([{ service: { name: 'web' } }]);
  expect(await box.candle(['kill', '--port', String(port)])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("'web'"),
  });
  await awaitNoSupervisor(box);
  expect(box.processes()).toEqual([]);
});
