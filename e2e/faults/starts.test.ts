import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { mountSmallDisk, whyNoMount } from '../test/bad-input/small-disk.ts';
import { calm } from '../test/calm.ts';
import { bin, sandbox } from '../test/sandbox.ts';
import { executing, program } from '../test/services/programs.ts';
import { openStore } from '../test/store.ts';
import { awaitSupervisor } from '../test/supervisor-of.ts';
import { fault } from './fault.ts';

const idles = program('idles.mjs');

function spawnCandle(box: Sandbox, args: readonly string[], env: Readonly<Record<string, string>> = box.env) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: box.projectDir, env, stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
}

async function killHard({ child, ended }: { child: ChildProcess; ended: Promise<unknown> }): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

/** A `mkfifo` that shows that it was called, and continues only when the test allows it. */
function slowMkfifo(box: Sandbox) {
  const directory = join(box.root, 'slow-bin');
  const [called, may, done] = ['called', 'may', 'done'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(directory);
  const script = `#!/bin/sh\n: > ${called}\nuntil [ -e ${may} ]; do sleep 0.01; done\n/usr/bin/env -i PATH=/usr/bin:/bin mkfifo "$@"; : > ${done}\n`;
  writeFileSync(join(directory, 'mkfifo'), script);
  chmodSync(join(directory, 'mkfifo'), 0o755);
  return {
    env: { ...box.env, PATH: `${directory}:${box.env.PATH}` },
    called,
    done,
    allow: () => writeFileSync(may, ''),
  };
}

fault(9, 'kill -9 of a start while its mkfifo still runs: the next start succeeds, and one instance runs', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  const mkfifo = slowMkfifo(box);
  const first = spawnCandle(box, ['start'], mkfifo.env);
  await until('mkfifo is called', () => existsSync(mkfifo.called));
  await killHard(first);
  const second = box.candle(['start']);
  mkfifo.allow();
  expect(await second).toMatchObject({ exitCode: 0 });
  await until('the orphaned mkfifo has created its pipes', () => existsSync(mkfifo.done));
  expect((await box.candle(['ps'])).stdout).toContain('RUNNING');
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  const runs = globSync(join(box.stateDir, 'runs/*/shim.sh')).length;
  await awaitSupervisor(box);
  expect(globSync(join(box.stateDir, 'runs/*/shim.sh'))).toHaveLength(runs);
});

/** For Node.js: kills the process as soon as it has spawned the shim. */
const dieAfterSpawn = `import child from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
const { spawn } = child;
child.spawn = (file, ...more) => {
  const spawned = spawn(file, ...more);
  if (file === '/bin/sh') process.kill(process.pid, 'SIGKILL');
  return spawned;
};
syncBuiltinESMExports();`;

fault(10, 'kill -9 of a start that has spawned the service but not recorded it: the service is adopted', async () => {
  const box = sandbox();
  const [go, began] = [join(box.root, 'go'), join(box.root, 'began')];
  const shell = `echo began; : > ${began}; until [ -e ${go} ]; do sleep 0.02; done; exit 7`;
  const store = await openStore(box);
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(dieAfterSpawn)}`;
  const start = spawnCandle(box, ['start', 'api', '--shell', shell], { ...box.env, NODE_OPTIONS });
  await start.ended;
  await until('the service runs', () => existsSync(began));
  expect(store.prepare('SELECT status, shim_pid FROM runs').all()).toEqual([{ status: 'starting', shim_pid: null }]);
  expect((await box.candleJson(['ps', 'api'])).services[0]).toMatchObject({ status: 'RUNNING', running: true });
  await awaitSupervisor(box);
  writeFileSync(go, '');
  await until('the end is recorded', () => store.prepare('SELECT ended_at_ms AS at FROM runs').get()?.at);
  expect((await box.candleJson(['ps', 'api'])).services[0]).toMatchObject({ status: 'EXITED (7)', exitCode: 7 });
  expect((await box.candle(['logs', 'api'])).stdout).toContain('began\n');
});

fault(
  10,
  'kill -9 of a start at 40 random moments: one service or none runs, `ps` agrees, and nothing starts later',
  async () => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
    for (let round = 0; round < 40; round++) {
      const start = spawnCandle(box, ['start']);
      const deadlineMs = performance.now() + 60 + Math.random() * 500;
      await until('the random delay has passed', () => performance.now() > deadlineMs);
      await killHard(start);
      await until('ps and the processes agree', async () => {
        const programs = executing(box, 'idles.mjs');
        expect(programs.length).toBeLessThanOrEqual(1);
        const [service] = (await box.candleJson(['ps', 'api'])).services;
        return service.status === 'RUNNING' ? programs.length === 1 : !service.running && programs.length === 0;
      });
    }
    expect((await box.candle(['start'])).exitCode).toBe(0);
    expect(executing(box, 'idles.mjs')).toHaveLength(1);
  },
  { slow: true },
);

/** Reserves a port for each of that many services and starts it, all at the same time. */
async function startAtOnce(count: number) {
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  const shell = 'echo "port $PORT"; exec sleep 1000';
  const box = sandbox({
    config: { services: names.map((name) => ({ name, shell, ready: { log: 'port' } })) },
  });
  const results = await Promise.all(
    names.map(async (name) => [await box.candle(['reserve-port', name]), await box.candle(['start', name])]),
  );
  for (const { stderr, exitCode } of results.flat())
    expect({ stderr: stderr.replace(/^Waiting for .*\n/gm, ''), exitCode }).toEqual({ stderr: calm, exitCode: 0 });
  const { services } = await box.candleJson(['ps']);
  expect(services.map(({ status }: { status: string }) => status)).toEqual(names.map(() => 'RUNNING'));
  expect(new Set(services.map(({ port }: { port: number }) => port)).size).toBe(count);
  expect(box.processes().filter(({ command }) => command.startsWith('sleep'))).toHaveLength(count);
}

fault(36, '16 starts at once: no command reports a busy database, each has its own port', () => startAtOnce(16));
fault(36, '64 starts at once: no command reports a busy database, each has its own port', () => startAtOnce(64), {
  slow: true,
});

fault(51, 'a start on a full disk fails and leaves nothing running; the next one starts once', async ({ skip }) => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  const disk = mountSmallDisk(box) ?? skip(whyNoMount);
  const options = { env: { CANDLE_STATE_DIR: disk.stateDir } };
  await box.candle(['list-reserved-ports'], options);
  for (const freeKiB of [0, 4, 24, 48]) {
    disk.fill(freeKiB);
    const start = await box.candle(['start'], options);
    expect(start).toMatchObject({ stdout: '', exitCode: 1 });
    expect(start.stderr).toMatch(/^Error: .*(the disk is full|no space left|ENOSPC)/im);
    expect(executing(box, 'idles.mjs')).toEqual([]);
  }
  disk.free();
  expect((await box.candle(['start'], options)).exitCode).toBe(0);
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  expect((await box.candle(['kill'], options)).stdout).toBe("[Stopped process 'api']\n");
});

fault(54, 'a first start with umask 077 and 64 open files: each service gets and keeps its own limits', async () => {
  const facts = 'echo "umask $(umask), files $(ulimit -n)"';
  const service = (name: string) => ({
    name,
    shell: `${facts}; until rm dies-${name} 2>/dev/null; do sleep 0.02; done; exit 1`,
    restart: { policy: 'always', delay: '50ms' },
  });
  const box = sandbox({ config: { services: ['first', 'later'].map(service) } });
  const startUnder = (setting: string, name: string) =>
    runProgram('/bin/sh', ['-c', `${setting}; exec "$@"`, 'sh', process.execPath, bin, 'start', name], {
      cwd: box.projectDir,
      env: box.env,
    });
  expect(await startUnder('umask 077; ulimit -n 64', 'first')).toMatchObject({ exitCode: 0 });
  const restricted = await awaitSupervisor(box);
  expect(await startUnder('umask 027', 'later')).toMatchObject({ exitCode: 0 });
  // A supervisor with a limit of 64 open files could manage only about ten services.
  const { pid } = await awaitSupervisor(box, restricted.pid);
  const files = hardLimitOf(process.pid);
  expect(hardLimitOf(pid)).toBe(files);

  for (const [name, limits] of [
    ['first', 'umask 0077, files 64'],
    ['later', `umask 0027, files ${files}`],
  ] as const) {
    box.writeFile(`dies-${name}`, '');
    const { text } = await until('the second run has printed its limits', async () => {
      const text = (await box.candle(['logs', name])).stdout;
      return text.split('umask').length === 3 && { text };
    });
    expect(text).toContain('restarted (1)');
    expect(text.split('\n').filter((line) => line.startsWith('umask'))).toEqual([limits, limits]);
  }
});

function hardLimitOf(pid: number): string | undefined {
  return /^Max open files +\S+ +(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
}
