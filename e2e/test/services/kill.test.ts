import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { withoutNewCommands } from '../calm.ts';
import { bin, sandbox } from '../sandbox.ts';
import { openStore } from '../store.ts';
import { executing, program } from './programs.ts';

/** Binds the port, as the next server would. Throws if it is not free. */
async function bind(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve));
  await new Promise((resolve) => server.close(resolve));
}

async function untilPrinted(box: Sandbox, text: string): Promise<string> {
  return until(`it has printed '${text}'`, async () => {
    const { stdout } = await box.candle(['logs', 'api']);
    return stdout.includes(text) && stdout;
  });
}

const stopped = { stdout: "[Stopped process 'api']\n", exitCode: 0 };

inPart(3).each([
  ['a server', program('listens.mjs')],
  ['a server in the background of its shell', `${program('listens.mjs')} & wait`],
  ['a pipeline', `${program('listens.mjs')} 2>&1 | cat | cat`],
  ['npm run, its sh and their node', 'npm run --silent dev'],
  ['a fully detached daemon that listens on the port', program('daemonizes-and-listens.mjs')],
  ['a daemon that listens only after its parent has ended', program('daemonizes-and-listens.mjs', 250)],
])('kill stops every process of %s, and its port is free when kill returns', async (_, shell) => {
  const box = sandbox({ config: { services: [{ name: 'api', shell }] } });
  box.writeFile('package.json', JSON.stringify({ scripts: { dev: program('listens.mjs') } }));
  const { port } = await box.candleJson(['reserve-port', 'api']);
  expect((await box.candleJson(['start'])).services).toMatchObject([{ outcome: 'running', portAccepts: true }]);
  const [service] = (await box.candleJson(['list'])).services;
  expect(service).toMatchObject({ status: 'RUNNING', port });
  expect(box.processes().map(({ pid }) => pid)).toContain(service.pid);
  expect(await box.candle(['kill'])).toMatchObject({ ...stopped, stderr: '' });
  await bind(port);
  expect(box.processes()).toEqual([]);
});

test('a daemon that keeps the output open is RUNNING until it is killed', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: program('daemonizes-with-output.mjs'), ready: false }] },
  });
  await box.candle(['start']);
  await untilPrinted(box, 'up');
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING' }]);
  expect(await box.candle(['kill'])).toMatchObject(stopped);
  expect(box.processes()).toEqual([]);
});

test.each([
  ['a child that ignores SIGTERM', program('ignores-sigterm.sh'), 'ready'],
  ['a grandchild that ignores SIGTERM and whose parent has ended', program('leaves-stubborn-grandchild.mjs'), 'ready'],
])('kill ends %s after the configured stopTimeout', async (_, shell, sign) => {
  const box = sandbox({ config: { services: [{ name: 'api', shell, ready: false, stopTimeout: '1.5s' }] } });
  await box.candle(['start']);
  await untilPrinted(box, sign);
  const startedAtMs = performance.now();
  const kill = await box.candle(['kill']);
  const tookMs = performance.now() - startedAtMs;
  expect(kill).toMatchObject(stopped);
  expect(kill.stderr).toMatch(/^Waiting for 'api' to exit: (sh|sleep) \(pid \d+\)/);
  expect(tookMs).toBeGreaterThan(1_400);
  expect(box.processes()).toEqual([]);
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { status: 'not running', exitCode: expect.any(Number) },
  ]);
});

test('a service that handles the stop signal has its own exit code recorded', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('exits-5-after-300-ms.mjs') }] } });
  await box.candle(['start']);
  await untilPrinted(box, 'ready');
  expect(await box.candleJson(['kill'])).toMatchObject({ services: [{ stopped: true, forced: false }] });
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { status: 'not running', exitCode: 5, exitSignal: null },
  ]);
});

test('kill sends the stopSignal that was configured when the service was started', async () => {
  const service = { name: 'api', shell: program('ends-at-sigint.mjs'), ready: false, stopSignal: 'INT' };
  const box = sandbox({ config: { services: [service] } });
  await box.candle(['start']);
  await untilPrinted(box, 'ready');
  box.writeConfig({ services: [{ ...service, stopSignal: 'TERM' }] });
  expect(await box.candle(['kill'])).toMatchObject(stopped);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ exitCode: 0 }]);
});

test('kill leaves a browser that the service opened running and reports it', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('opens-browser.mjs'), ready: false }] } });
  await box.candle(['start']);
  const browser = Number(/browser (\d+)/.exec(await untilPrinted(box, 'browser'))?.[1]);
  const kill = await box.candle(['kill']);
  expect(box.processes().map(({ pid }) => pid)).toEqual([browser]);
  process.kill(browser, 'SIGKILL');
  await until('the browser has ended', () => box.processes().length === 0);
  expect(kill).toEqual({
    ...stopped,
    stderr: `Left running because 'api' opened it for you: sleep (pid ${browser})\n`,
  });
});

test('start reports a foreign process on the reserved port, and kill does not stop it', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens.mjs') }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    const start = await box.candle(['start']);
    expect({ ...start, stderr: withoutNewCommands(start.stderr) }).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(
          `^Error: Port ${port}, reserved for service 'api', is in use by \\S+.* \\(pid ${process.pid}\\)\n[^]*candle start api --move\n`,
        ),
      ),
      exitCode: 1,
    });
    expect(await box.candle(['kill'])).toMatchObject({
      stdout: 'No service of this project is running\n',
      exitCode: 0,
    });
    expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'not running' }]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  expect((await box.candle(['start'])).exitCode).toBe(0);
});

test('kill reports another process that uses the reserved port of the service', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('idles.mjs'), ready: false }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const start = box.candle(['start']);
  await until('the program is running', () => executing(box, 'idles.mjs').length === 1);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    expect((await start).exitCode).toBe(0);
    expect(await box.candle(['kill'])).toMatchObject({
      stderr: expect.stringMatching(
        new RegExp(
          `^Error: Service 'api' is stopped, but its port ${port} is still in use by .* \\(pid ${process.pid}\\)\n`,
        ),
      ),
      exitCode: 1,
    });
    expect(box.processes()).toEqual([]);
    expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'not running' }]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test.each([
  ['in its command', (kill: string) => `echo ready; ${program('idles.mjs')} & ${kill}; echo "still alive"`],
  [
    'in a shell of its command',
    (kill: string) => `bash -c 'trap : TERM; ${kill}; echo "still alive"'; echo "still alive"`,
  ],
])('kill run inside the service itself, %s, does not wait for the shells that wait for it', async (_, shellWith) => {
  const candle = `node ${bin} kill api > out 2> err`;
  const box = sandbox({
    config: { services: [{ name: 'api', shell: shellWith(`sleep 1; ${candle}`), ready: false }] },
  });
  await box.candle(['start']);
  await until(
    'the service has stopped',
    async () => (await box.candleJson(['list'])).services[0].status === 'not running',
    {
      explain: async () => (await box.candle(['logs', 'api'])).stdout,
    },
  );
  await until('no process is left', () => box.processes().length === 0);
  expect(readFileSync(join(box.projectDir, 'out'), 'utf8')).toBe(stopped.stdout);
  expect(readFileSync(join(box.projectDir, 'err'), 'utf8')).toMatch(
    /^Killed with SIGKILL because it was waiting for this command: sh \(pid \d+\) and \d more\n$/,
  );
  expect((await box.candle(['logs', 'api'])).stdout).not.toContain('still alive');
});

test('a service in another container is reported and not stopped', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'exec sleep 600' }] } });
  await box.candle(['start', 'api']);
  const store = await openStore(box);
  const bootId = store.prepare('SELECT boot_id AS bootId FROM runs').get()?.bootId as string;
  const setBoot = (id: string) => store.prepare('UPDATE runs SET boot_id = ?').run(id);
  setBoot(`${bootId}7`);
  for (const command of ['kill', 'restart', 'start']) {
    const { exitCode, stdout, stderr } = await box.candle([command, 'api']);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        "Error: Service 'api' was not stopped: it runs in another container that shares this state directory\nStop it there: candle kill api\n",
    });
  }
  expect((await box.candleJson(['ps', 'api'])).services).toMatchObject([{ status: 'RUNNING' }]);
  // The first version recorded the boot ID of the machine without the container.
  setBoot(bootId.replace(/\.\d+$/, ''));
  expect((await box.candleJson(['kill', 'api'])).services).toMatchObject([{ stopped: true }]);
  expect(box.processes()).toEqual([]);
});
