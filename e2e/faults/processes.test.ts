import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { bin, sandbox } from '../test/sandbox.ts';
import { executing, program } from '../test/services/programs.ts';
import { groupOf } from '../test/services/sequences/tree.ts';
import { openStore } from '../test/store.ts';
import { awaitSupervisor, killHard, supervisorProcesses } from '../test/supervisor-of.ts';
import { aSecondMs, fault } from './fault.ts';

const idles = program('idles.mjs');
const killed = { stdout: "[Stopped process 'api']\n", exitCode: 0 };
const hasPython = spawnSync('python3', ['-V']).status === 0;

/** `pid` is that of the shim. */
async function startApi(shell: string, settings: object = {}): Promise<{ box: Sandbox; pid: number }> {
  const box = sandbox({ config: { services: [{ name: 'api', shell, ...settings }] } });
  expect(await box.candle(['start'])).toMatchObject({ exitCode: 0 });
  return { box, pid: groupOf((await show(box)).pid) };
}

async function show(box: Sandbox) {
  return (await box.candleJson(['ps', 'api'])).services[0];
}

async function logged(box: Sandbox, text: string): Promise<string> {
  return until(`the service prints '${text}'`, async () => {
    const { stdout } = await box.candle(['logs', 'api']);
    return stdout.includes(text) && stdout;
  });
}

fault(13, 'kill -9 of the shim: the service stays listed, its code is unknown, and `kill` ends its tree', async () => {
  const { box, pid } = await startApi(`${idles} & ${idles}`);
  await until('both programs run', () => executing(box, 'idles.mjs').length === 2);
  killHard(pid);
  const degraded = await show(box);
  expect(degraded).toMatchObject({ status: 'RUNNING', running: true });
  expect(box.processes().map((each) => each.pid)).toContain(degraded.pid);
  expect(await box.candle(['kill'])).toMatchObject(killed);
  expect(box.processes()).toEqual([]);

  await box.candle(['start']);
  killHard(groupOf((await show(box)).pid));
  for (const each of box.processes()) killHard(each.pid);
  await until('the service has ended', async () => !(await show(box)).running);
  expect(await show(box)).toMatchObject({ status: 'LOST', exitCode: null, exitSignal: null });
});

fault(14, 'kill -9 of the whole group: shown as LOST immediately, without an exit code', async () => {
  const { box, pid } = await startApi(idles);
  await awaitSupervisor(box);
  const store = await openStore(box);
  const ended = store.prepare('SELECT ended_at_ms AS atMs FROM runs');
  await until('the start is confirmed', () => store.prepare('SELECT confirmed_at_ms AS at FROM runs').get()?.at);
  const killedAtMs = Date.now();
  process.kill(-pid, 'SIGKILL');
  const atMs = await until('the supervisor has recorded the end', () => ended.get()?.atMs);
  // Time limit: ten times what is promised.
  expect(Number(atMs) - killedAtMs).toBeLessThan(aSecondMs);
  expect(await show(box)).toMatchObject({ status: 'LOST', exitCode: null, exitSignal: null });
  expect(box.processes()).toEqual([]);
});

fault(
  15,
  'Ctrl-C, SIGHUP, SIGTERM or kill -9 of the whole group of the command: the service is not affected',
  async () => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
    for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGKILL'] as const) {
      const command = spawn(process.execPath, [bin, 'start', '--watch'], {
        cwd: box.projectDir,
        env: box.env,
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = new Promise((resolve) => command.once('close', resolve));
      let shown = '';
      command.stdout.setEncoding('utf8').on('data', (text) => {
        shown += text;
      });
      await until('the command follows the output', () => shown.includes('up\n'));
      const before = executing(box, 'idles.mjs');
      process.kill(-(command.pid ?? 0), signal);
      await ended;
      expect(await show(box)).toMatchObject({ status: 'RUNNING' });
      expect(executing(box, 'idles.mjs')).toEqual(before);
      expect(before).toHaveLength(1);
    }
  },
);

fault(15, 'the terminal is closed: the service and the supervisor are not affected', async ({ skip }) => {
  if (!hasPython) skip('Python, which opens the terminal, is not installed');
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  const terminal = fileURLToPath(new URL('../test/fixtures/run-in-terminal.py', import.meta.url));
  const args = [terminal, 'up', 'hang-up', process.execPath, bin, 'start'];
  const { exitCode } = await runProgram('python3', args, { cwd: box.projectDir, env: box.env });
  expect(exitCode).toBe(129);
  expect(await show(box)).toMatchObject({ status: 'RUNNING' });
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  await awaitSupervisor(box);
  expect(supervisorProcesses(box)).toHaveLength(2);
});

fault(16, 'a service that ignores SIGTERM: killed after its stop timeout, with its whole tree', async () => {
  const shell = `${program('ignores-sigterm.sh')} & ${program('leaves-stubborn-grandchild.mjs')}`;
  const { box } = await startApi(shell, { stopTimeout: '1s' });
  await logged(box, 'ready');
  const beganMs = performance.now();
  const { services } = await box.candleJson(['kill']);
  expect(services).toMatchObject([{ stopped: true, forced: true }]);
  expect(performance.now() - beganMs).toBeGreaterThan(950);
  expect(box.processes()).toEqual([]);
});

const trees: Readonly<Record<string, string>> = {
  pipeline: `${idles} 2>&1 | cat | cat`,
  npm: 'npm run --silent dev',
  daemon: program('daemonizes-with-output.mjs'),
  orphan: `sh -c '${idles.replaceAll("'", '"')} &'; exec sleep 1000`,
};

fault(17, 'pipeline, npm → sh → node, daemon, orphan: all are listed, and `kill` ends every process', async () => {
  const services = Object.entries(trees).map(([name, shell]) => ({ name, shell }));
  const box = sandbox({ config: { services } });
  box.writeFile('package.json', JSON.stringify({ scripts: { dev: idles } }));
  expect(await box.candle(['start'])).toMatchObject({ exitCode: 0 });
  await until('all services run', () => executing(box, 'idles.mjs').length >= services.length);
  const listed = (await box.candleJson(['ps'])).services;
  expect(listed).toMatchObject(services.map(({ name }) => ({ name, status: 'RUNNING' })));
  // Kill them one by one, so that a process left by one cannot be ended by the next kill.
  for (const { name } of services) {
    const { stdout, exitCode } = await box.candle(['kill', name]);
    expect({ stdout, exitCode }).toEqual({ stdout: `[Stopped process '${name}']\n`, exitCode: 0 });
  }
  expect(box.processes()).toEqual([]);
});

fault(18, 'endless forks that all ignore SIGTERM: `kill` ends them within a time limit', async () => {
  const { box } = await startApi(program('forks-endlessly.sh'), { stopTimeout: '1s' });
  await logged(box, 'ready');
  expect(await box.candle(['kill'])).toMatchObject(killed);
  expect(box.processes()).toEqual([]);
});

fault(20, 'a handler that exits with 5, 300 ms after SIGTERM: the exit code is 5, not 143', async () => {
  const { box } = await startApi(program('exits-5-after-300-ms.mjs'));
  await logged(box, 'ready');
  expect(await box.candleJson(['kill'])).toMatchObject({ services: [{ stopped: true, forced: false }] });
  expect(await show(box)).toMatchObject({ status: 'not running', exitCode: 5, exitSignal: null });
});

fault(22, 'an exited child that is never reaped: neither `ps` nor `kill` treats it as alive', async () => {
  // The shell becomes a program that never waits for the child it inherits.
  const { box, pid } = await startApi('sleep 0.1 & exec sleep 1000');
  const shown = await show(box);
  expect({ ...shown, pid: groupOf(shown.pid) }).toMatchObject({ status: 'RUNNING', pid });
  expect(await box.candleJson(['kill'])).toMatchObject({ services: [{ stopped: true, forced: false }] });
});

fault(22, 'a container whose first process reaps nothing: exited processes count as exited', async ({ skip }) => {
  if (spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status !== 0) skip('this user may not unshare');
  const box = sandbox({ config: { services: [{ name: 'api', shell: `${idles}; :` }] } });
  // Node reaps only its own children, so everything that Candle leaves behind stays a zombie.
  const first = `
    const { spawnSync } = require('node:child_process');
    const { readdirSync, readFileSync } = require('node:fs');
    const candle = (...args) => spawnSync(process.execPath, [${JSON.stringify(bin)}, ...args], { encoding: 'utf8' });
    const zombies = () => readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).filter((pid) => {
      try { return /^State:\\s+Z/m.test(readFileSync('/proc/' + pid + '/status', 'utf8')); } catch { return false; }
    });
    const results = [['start'], ['kill', '--json'], ['ps', '--json'], ['start'], ['kill', '--json']].map((args) => candle(...args));
    console.log(JSON.stringify({ pid: process.pid, results, zombies: zombies().length }));`;
  const args = ['--pid', '--fork', '--mount-proc', process.execPath, '-e', first];
  const { stdout, stderr } = await runProgram('unshare', args, { cwd: box.projectDir, env: box.env });
  const { pid, results, zombies } = JSON.parse(stdout || JSON.stringify(stderr));
  expect(pid).toBe(1);
  expect(zombies).toBeGreaterThan(1);
  expect(results.map(({ status }: { status: number }) => status)).toEqual([0, 0, 0, 0, 0]);
  expect(JSON.parse(results[1].stdout)).toMatchObject({ services: [{ stopped: true, forced: false }] });
  expect(JSON.parse(results[2].stdout)).toMatchObject({ services: [{ status: 'not running', running: false }] });
});

fault(
  39,
  'a watcher that exits when its stdin closes keeps running, even if the supervisor is killed',
  async () => {
    const { box } = await startApi(program('exits-when-stdin-closes.mjs'), { enableStdin: true });
    await logged(box, 'ready');
    const { pid } = await awaitSupervisor(box);
    killHard(pid);
    await awaitSupervisor(box, pid);
    expect(await box.candle(['send', 'api', 'still there?'])).toMatchObject({ exitCode: 0 });
    expect(await logged(box, 'read "still there?')).not.toContain('stdin ended');
    expect(await show(box)).toMatchObject({ status: 'RUNNING' });
  },
  { simulatedBy: 'a program that exits when its stdin closes, as esbuild --watch does' },
);

fault(
  49,
  '`kill` leaves a browser that the service opened running, and lists it',
  async () => {
    const { box } = await startApi(program('opens-browser.mjs'));
    const browser = Number(/browser (\d+)/.exec(await logged(box, 'browser'))?.[1]);
    const { stdout, stderr } = await box.candle(['kill']);
    const left = box.processes().map(({ pid }) => pid);
    killHard(browser);
    await until('the browser has ended', () => box.processes().length === 0);
    expect(left).toEqual([browser]);
    expect(stdout).toBe(killed.stdout);
    expect(stderr).toContain(`Left running because 'api' opened it for you: sleep (pid ${browser})`);
  },
  { simulatedBy: 'a program that opens another one in a separate session' },
);
