import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect } from 'vitest';
import { sandbox } from '../test/sandbox.ts';
import { executing, program } from '../test/services/programs.ts';
import { openStore } from '../test/store.ts';
import {
  awaitNoSupervisor,
  awaitSupervisor,
  findSupervisor,
  killHard,
  supervisorProcesses,
} from '../test/supervisor-of.ts';
import { copyOfCli } from './copy-of-cli.ts';
import { aSecondMs, fault } from './fault.ts';

const idles = program('idles.mjs');

fault(1, 'kill -9 of the supervisor: services keep running, and are adopted again within a second', async () => {
  const box = sandbox();
  await box.candle(['start', 'api', '--shell', idles]);
  const first = await awaitSupervisor(box);
  const [pid] = executing(box, 'idles.mjs');
  const beganMs = performance.now();
  killHard(first.pid);
  await awaitSupervisor(box, first.pid);
  // Time limit: ten times what is promised.
  expect(performance.now() - beganMs).toBeLessThan(aSecondMs);
  expect(executing(box, 'idles.mjs')).toEqual([pid]);
});

fault(3, 'kill -9 of the supervisor at random moments during starts: each service starts once', async () => {
  const box = sandbox();
  const names = Array.from({ length: 8 }, (_, index) => `s${index}`);
  const starts = Promise.all(names.map((name) => box.candle(['start', name, '--shell', `${idles} ${name}`])));
  let isStarting = true;
  const killing = (async () => {
    for (let last: number | undefined; isStarting; ) {
      const found = findSupervisor(box);
      if (found && found.pid !== last) killHard(found.pid);
      last = found?.pid;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const results = await starts;
  isStarting = false;
  await killing;
  expect(results.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
  const commands = box
    .processes()
    .filter(({ command }) => command.startsWith('node ') && command.includes('idles.mjs'));
  expect(commands.map(({ command }) => command.trim().split(' ').at(-1)).sort()).toEqual(names);
});

fault(4, 'kill -9 of the supervisor, then a service exits with 7: `EXITED (7)` is recorded later', async () => {
  const box = sandbox();
  const go = join(box.root, 'go');
  await box.candle(['start', 'api', '--shell', `while [ ! -e ${go} ]; do sleep 0.05; done; exit 7`]);
  const { pid, watchdog } = await awaitSupervisor(box);
  killHard(watchdog?.pid ?? 0);
  killHard(pid);
  writeFileSync(go, '');
  await until('the service has ended', async () => (await box.candle(['ps'])).stdout.includes('EXITED (7)'));
  // The command has started a new supervisor, which finds the end and records it.
  await awaitNoSupervisor(box);
  expect((await box.candleJson(['ps', 'api'])).services[0]).toMatchObject({ status: 'EXITED (7)', exitCode: 7 });
});

fault(5, 'kill -9 of supervisor and watchdog: the next command starts both again, and nothing is lost', async () => {
  const box = sandbox();
  await box.candle(['start', 'api', '--shell', `echo before; ${idles}`]);
  const { pid, watchdog } = await awaitSupervisor(box);
  killHard(watchdog?.pid ?? 0);
  killHard(pid);
  await until('the supervisor and the watchdog are gone', () => supervisorProcesses(box).length === 0);
  expect((await box.candle(['ps'])).stdout).toContain('RUNNING');
  await awaitSupervisor(box, pid);
  expect((await box.candle(['logs', 'api'])).stdout).toContain('before\n');
});

fault(
  6,
  'kill -9 of only the watchdog: no effect',
  async () => {
    const box = sandbox();
    await box.candle(['start', 'api', '--shell', idles]);
    const { pid, watchdog } = await awaitSupervisor(box);
    killHard(watchdog?.pid ?? 0);
    await until('the watchdog is gone', () => supervisorProcesses(box).length === 1);
    await box.candle(['start', 'web', '--shell', idles]);
    expect(findSupervisor(box)?.pid).toBe(pid);
    await box.candle(['kill']);
    await awaitNoSupervisor(box);
  },
  { slow: true },
);

fault(7, '16 commands at the same time: one supervisor stays, and the others exit silently', async () => {
  const box = sandbox();
  const names = Array.from({ length: 16 }, (_, index) => `s${index}`);
  const results = await Promise.all(names.map((name) => box.candle(['start', name, '--shell', idles])));
  expect(results.map(({ exitCode, stderr }) => ({ exitCode, stderr: stderr.replace(/^Using .*\n/m, '') }))).toEqual(
    names.map(() => expect.objectContaining({ exitCode: 0 })),
  );
  await awaitSupervisor(box);
  await until('one supervisor and one watchdog are left', () => supervisorProcesses(box).length === 2);
});

fault(
  37,
  'a stale socket file, no socket file, or a path over 100 bytes: all commands work',
  async () => {
    const box = sandbox();
    await box.candle(['start', 'api', '--shell', idles]);
    const { pid, watchdog } = await awaitSupervisor(box);
    killHard(watchdog?.pid ?? 0);
    killHard(pid);
    await until('the supervisor and the watchdog are gone', () => supervisorProcesses(box).length === 0);
    expect(existsSync(join(box.stateDir, 'socket'))).toBe(true);
    expect((await box.candle(['start', 'web', '--shell', idles])).stderr).not.toContain('supervisor');
    await awaitSupervisor(box, pid);

    const long = join(box.root, ...Array.from({ length: 3 }, () => 'd'.repeat(70)));
    const env = { CANDLE_STATE_DIR: long };
    const started = await box.candle(['start', 'far', '--shell', idles], { env });
    expect(started).toMatchObject({ exitCode: 0 });
    expect(started.stderr).not.toContain('supervisor');
    expect(existsSync(join(long, 'supervisor.json'))).toBe(true);
    await box.candle(['kill'], { env });
    await until('that supervisor has exited', () => !existsSync(join(long, 'supervisor.json')));
  },
  { slow: true },
);

fault(
  38,
  'the socket file is deleted while the supervisor runs: it listens again within a second',
  async () => {
    const box = sandbox();
    await box.candle(['start', 'api', '--shell', idles]);
    const { pid } = await awaitSupervisor(box);
    rmSync(join(box.stateDir, 'socket'));
    const beganMs = performance.now();
    await until('the supervisor listens again', () => existsSync(join(box.stateDir, 'socket')));
    // Time limit: ten times what is promised.
    expect(performance.now() - beganMs).toBeLessThan(aSecondMs);
    await box.candle(['start', 'web', '--shell', idles]);
    expect(findSupervisor(box)?.pid).toBe(pid);
  },
  { slow: true },
);

fault(42, 'a supervisor that fails every time: the watchdog gives up, and `start` reports why', async () => {
  const box = sandbox();
  const broken = copyOfCli(box, { supervisor: "throw new Error('this build is broken')\n" });
  const started = await broken.candle(['start', 'api', '--shell', idles]);
  expect(started).toMatchObject({ exitCode: 0 });
  expect(started.stderr).toContain('The supervisor could not be started');
  expect(started.stderr).toContain('this build is broken');
  expect(supervisorProcesses(box)).toEqual([]);
  expect((await box.candle(['kill', 'api'])).stdout).toBe("[Stopped process 'api']\n");
});

fault(43, 'a newer Candle takes over, and services keep running; an older one does not take over again', async () => {
  const box = sandbox();
  await box.candle(['start', 'api', '--shell', idles]);
  const old = await awaitSupervisor(box);
  const [service] = executing(box, 'idles.mjs');
  const newer = copyOfCli(box, { version: '99.0.0' });
  expect((await newer.candle(['start', 'web', '--shell', 'sleep 1000'])).exitCode).toBe(0);
  const now = await awaitSupervisor(box, old.pid);
  expect(now.version).toBe('99.0.0');
  expect(executing(box, 'idles.mjs')).toEqual([service]);
  await box.candle(['start', 'docs', '--shell', 'sleep 1000']);
  expect(findSupervisor(box)).toMatchObject({ pid: now.pid, version: '99.0.0' });
});

fault(45, 'a supervisor that does not respond: `start` reports it once; `kill` and `logs` still work', async () => {
  const shell = `echo there; ${idles}`;
  const box = sandbox({ config: { services: ['web', 'docs'].map((name) => ({ name, shell })) } });
  await box.candle(['start', 'api', '--shell', `echo here; ${idles}`]);
  const { pid } = await awaitSupervisor(box);
  const database = await openStore(box);
  // If it were stopped while it writes, the database would stay locked.
  database.exec('BEGIN IMMEDIATE');
  process.kill(pid, 'SIGSTOP');
  database.exec('ROLLBACK');
  database.close();
  const started = await box.candle(['start', 'web', 'docs']);
  expect(started.exitCode).toBe(0);
  expect(started.stderr.split(`The supervisor (pid ${pid}, since `)).toHaveLength(2);
  expect(started.stderr).toContain(`kill -9 ${pid}`);
  expect((await box.candle(['logs', 'web'])).stdout).toContain('there\n');
  expect((await box.candle(['kill'])).exitCode).toBe(0);
  process.kill(pid, 'SIGCONT');
});

fault(
  46,
  'the state directory is deleted while services run: they are stopped, and the next command starts clean',
  async () => {
    const box = sandbox();
    await box.candle(['start', 'api', '--shell', idles]);
    await awaitSupervisor(box);
    rmSync(box.stateDir, { recursive: true });
    await until(
      'the service and the supervisor are gone',
      () => box.processes().length + box.background().length === 0,
    );
    expect((await box.candle(['start', 'api', '--shell', idles])).exitCode).toBe(0);
  },
  { slow: true },
);

fault(
  48,
  'a start inside a service that is then killed: the supervisor and other services keep running',
  async () => {
    const box = sandbox();
    const done = join(box.root, 'done');
    const inner = `candle start inner --shell '${idles.replaceAll("'", '"')}'`;
    const bin = join(import.meta.dirname, '../../node_modules/.bin');
    await box.candle(['start', 'outer', '--shell', `PATH=${bin}:$PATH; ${inner}; touch ${done}; sleep 1000`]);
    await until('the inner service has started', () => existsSync(done), {
      explain: async () => (await box.candle(['logs'])).stdout,
    });
    const { pid } = await awaitSupervisor(box);
    await box.candle(['kill', 'outer']);
    expect(findSupervisor(box)?.pid).toBe(pid);
    expect(executing(box, 'idles.mjs')).toHaveLength(1);
  },
  { slow: true },
);

fault(
  52,
  'the package and Node are replaced: services keep running, and the next command starts a new supervisor',
  async () => {
    const box = sandbox();
    const installed = copyOfCli(box, {});
    await installed.candle(['start', 'api', '--shell', idles]);
    const { pid } = await awaitSupervisor(box);
    installed.remove();
    // The code that it has loaded keeps working.
    await box.candle(['start', 'web', '--shell', `${idles} web`]);
    expect(findSupervisor(box)?.pid).toBe(pid);
    killHard(pid);
    await until('the watchdog has exited', () => supervisorProcesses(box).length === 0);
    expect(executing(box, 'idles.mjs')).toHaveLength(2);
    await box.candle(['ps']);
    await awaitSupervisor(box, pid);
  },
  { slow: true },
);

fault(
  53,
  'an older Candle alongside a newer one: both work with the same state directory',
  async () => {
    const box = sandbox();
    const newer = copyOfCli(box, { version: '99.0.0' });
    await newer.candle(['start', 'api', '--shell', idles]);
    expect((await box.candle(['ps'])).stdout).toContain('RUNNING');
    expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(0);
    expect((await newer.candle(['get-reserved-port', 'web'])).stdout).toMatch(/^\d+\n$/);
    expect((await box.candle(['kill', 'api'])).stdout).toBe("[Stopped process 'api']\n");
    expect((await newer.candle(['ps', 'api'])).stdout).toContain('not running');
  },
  { slow: true },
);
