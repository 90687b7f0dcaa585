import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm } from '../calm.ts';
import { bin, sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');

function runIds(box: Sandbox): string[] {
  return readdirSync(join(box.stateDir, 'runs')).filter((name) => name !== 'CACHEDIR.TAG');
}

/** Runs the command `count` times at once and returns all results. */
function atOnce(box: Sandbox, count: number, ...args: string[]) {
  return Promise.all(Array.from({ length: count }, () => box.candle(args)));
}

/** `list` must match the processes: one program if the service is running, otherwise none. */
async function expectConsistent(box: Sandbox, fixture: string): Promise<void> {
  const [service] = (await box.candleJson(['list', 'api'])).services;
  expect(executing(box, fixture), JSON.stringify(service)).toHaveLength(service.running ? 1 : 0);
  expect(service.status).toMatch(service.running ? /^RUNNING$/ : /^(not running|EXITED \(\d+\)|FAILED \(\d+\))$/);
  if (service.running) expect(box.processes().map(({ pid }) => pid)).toContain(service.pid);
}

test('8 concurrent starts all succeed and leave exactly one run', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens.mjs') }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const answers = await atOnce(box, 8, 'start', 'api', '--json');
  for (const { stdout, stderr, exitCode } of answers)
    expect({ stderr, exitCode }, stdout).toEqual({ stderr: '', exitCode: 0 });
  expect(executing(box, 'listens.mjs')).toHaveLength(1);
  const [{ runId }] = (await box.candleJson(['list'])).services;
  expect(answers.some(({ stdout }) => JSON.parse(stdout).services[0].runId === runId)).toBe(true);
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe(String(port));
});

test('of 8 concurrent check-starts, one starts the service, and all return once its port accepts connections', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens-late.mjs', 1_000) }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const answer = await box.candle(['check-start', 'api', '--json']);
      const response = await fetch(`http://127.0.0.1:${port}`).then(({ ok }) => ok, String);
      return { ...answer, response };
    }),
  );
  for (const { stdout, stderr, exitCode, response } of answers) {
    expect({ stderr, exitCode, response }, stdout).toEqual({ stderr: '', exitCode: 0, response: true });
  }
  const outcomes = answers.map(({ stdout }) => JSON.parse(stdout).services[0].outcome).sort();
  expect(outcomes).toEqual([...Array(7).fill('kept'), 'running']);
  expect(runIds(box)).toHaveLength(1);
});

test('8 concurrent starts of a failing service all report why it failed', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'echo broken; sleep 0.1; exit 3' }] } });
  for (const { stderr, exitCode } of await atOnce(box, 8, 'start', 'api')) {
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Error: Service 'api' failed to start: it exited with code 3\n.*\n {2}broken\n/m);
  }
  expect(box.processes()).toEqual([]);
});

test.each([1, 3])(
  'list is correct after many concurrent start, check-start, restart and kill commands, round %i',
  async (factor) => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
    const verbs = [
      'start',
      'kill',
      'restart',
      'check-start',
      'start',
      'kill',
      'check-start',
      'restart',
      'kill',
      'start',
    ];
    const answers = await Promise.all(
      verbs.map(async (_, index) => {
        const verb = verbs[(index * factor) % verbs.length] ?? 'start';
        return { verb, ...(await box.candle([verb, 'api'])) };
      }),
    );
    for (const { verb, stderr, exitCode } of answers) {
      if (exitCode === 0) continue;
      expect(verb).not.toBe('kill');
      expect(stderr).toMatch(/^Error: Service 'api' was stopped by another command while it was starting\n/m);
    }
    await expectConsistent(box, 'idles.mjs');
    expect((await box.candle(['start', 'api'])).exitCode).toBe(0);
    await expectConsistent(box, 'idles.mjs');
    expect((await box.candle(['kill'])).exitCode).toBe(0);
    expect(box.processes()).toEqual([]);
  },
);

test('kill cancels a start in progress', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles }] } });
  // The service never listens, so start would wait for five seconds.
  await box.candle(['reserve-port', 'api']);
  const start = box.candle(['start']);
  await until('the program is running', () => executing(box, 'idles.mjs').length === 1);
  expect(await box.candle(['kill'])).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
  expect(await start).toMatchObject({
    stdout: expect.stringMatching(/^\[Started process 'api'\]/),
    stderr: expect.stringMatching(/^Error: Service 'api' was stopped by another command while it was starting\n/m),
    exitCode: 1,
  });
  await expectConsistent(box, 'idles.mjs');
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'not running' }]);
});

test.each(['kill', 'start'])(
  'after a command is killed while stopping a service, the next %s completes the stop',
  async (verb) => {
    const box = sandbox({
      config: { services: [{ name: 'api', shell: program('ends-at-second-sigterm.mjs'), stopTimeout: 60 }] },
    });
    const logged = (text: string) =>
      until(`it has printed '${text}'`, async () => (await box.candle(['logs', 'api'])).stdout.includes(text));
    await box.candle(['start']);
    await logged('ready');
    const interrupted = spawn(process.execPath, [bin, 'kill'], { cwd: box.projectDir, env: box.env, stdio: 'ignore' });
    const ended = new Promise((resolve) => interrupted.once('close', resolve));
    await logged('asked 1');
    expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'STOPPING' }]);
    interrupted.kill('SIGKILL');
    await ended;
    // No command is stopping it now.
    expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING' }]);
    box.writeConfig({ services: [{ name: 'api', shell: idles, ready: false }] });
    const next = await box.candle([verb, 'api']);
    expect(next.exitCode).toBe(0);
    await logged('asked 2');
    expect(executing(box, 'ends-at-second-sigterm.mjs')).toEqual([]);
    expect(executing(box, 'idles.mjs')).toHaveLength(verb === 'start' ? 1 : 0);
  },
);

test('one command starts, restarts or kills ten services', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `s${index}`);
  const box = sandbox({ config: { services: names.map((name) => ({ name, shell: 'exec sleep 1000' })) } });
  expect(await box.candle(['start'])).toMatchObject({ stderr: calm, exitCode: 0 });
  const before = (await box.candleJson(['list'])).services.map(({ pid }: { pid: number }) => pid);
  expect(await box.candle(['restart'])).toMatchObject({ stderr: calm, exitCode: 0 });
  const after = (await box.candleJson(['list'])).services.map(({ pid }: { pid: number }) => pid);
  expect(new Set([...before, ...after]).size).toBe(20);
  expect((await box.candle(['kill'])).stdout.trim().split('\n')).toHaveLength(10);
  expect(box.processes()).toEqual([]);
});
