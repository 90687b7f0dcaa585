import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { calm, withoutNewCommands } from '../calm.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { awaitNoSupervisor } from '../supervisor-of.ts';

/** Waits until the test creates the file `ready`. */
const untilReady = 'until [ -e ready ]; do sleep 0.02; done';
const stays = 'exec sleep 1000';

interface Kind {
  readonly shell: string;
  readonly ready?: unknown;
  readonly isReserved?: boolean;
  /** The check fails once the file `ready` is gone. */
  readonly needsFile?: boolean;
}

const kinds: Readonly<Record<string, Kind>> = {
  'a listener on the reserved port': { shell: `${untilReady}; exec ${program('listens.mjs')}`, isReserved: true },
  'a successful response on the reserved port': {
    shell: program('answers-health.mjs'),
    ready: { http: '/health', interval: '50ms' },
    isReserved: true,
    needsFile: true,
  },
  'a text in the output': {
    shell: `printf 'starting\\n'; ${untilReady}; printf '\\033[32mserver\\033[0m up\\n'; ${stays}`,
    ready: { log: 'server up' },
  },
  'a regular expression match in a line without a newline': {
    shell: `${untilReady}; printf 'up in 12 ms> '; ${stays}`,
    ready: { log: '^up in \\d+ ms> $', regex: true },
  },
  'a command that exits with code 0': {
    shell: stays,
    ready: { exec: 'test -e ready', interval: '50ms' },
    needsFile: true,
  },
};

async function stateOf(box: Sandbox) {
  const [service] = (await box.candleJson(['list', 'api'])).services;
  return { status: service.status, ready: service.ready };
}

test.each(Object.entries(kinds))('%s makes a service ready, and wait-for-ready checks it again', async (_, kind) => {
  const box = sandbox({ config: { services: { api: { shell: kind.shell, ready: kind.ready } } } });
  if (kind.isReserved) await box.candle(['reserve-port', 'api']);
  const start = box.candle(['start', 'api', '--wait', '--json']);
  await until('the service is running', async () => (await stateOf(box)).status === 'RUNNING');
  expect(await stateOf(box)).toEqual({ status: 'RUNNING', ready: false });
  box.writeFile('ready', '');
  const { stdout, exitCode } = await start;
  expect({ exitCode, ...JSON.parse(stdout).services[0] }, stdout).toMatchObject({ exitCode: 0, ready: true });
  rmSync(join(box.projectDir, 'ready'));
  expect(await stateOf(box)).toEqual({ status: 'RUNNING', ready: true });
  const [timeout, stdoutNow, exitCodeNow] = kind.needsFile ? ['0', '', 1] : ['10', "Service 'api' is ready\n", 0];
  expect(await box.candle(['wait-for-ready', 'api', '--timeout', timeout])).toMatchObject({
    stdout: stdoutNow,
    exitCode: exitCodeNow,
  });
});

test('ready can be a port that is not reserved for the service', async () => {
  const box = sandbox();
  const { port } = await box.candleJson(['reserve-port', 'other']);
  const shell = `${untilReady}; PORT=${port} exec ${program('listens.mjs')}`;
  box.writeConfig({ services: { api: { shell, ready: { port } } } });
  const start = box.candle(['start', '--wait', '20']);
  await until('the service is running', async () => (await stateOf(box)).status === 'RUNNING');
  expect(await stateOf(box)).toEqual({ status: 'RUNNING', ready: false });
  box.writeFile('ready', '');
  const { stderr, exitCode } = await start;
  expect({ exitCode, ...(await stateOf(box)) }).toEqual({ exitCode: 0, status: 'RUNNING', ready: true });
  expect(stderr).toContain(`Service 'api' listens on ${port}, which is not reserved for it`);
});

test('with ready: false, a service with a reservation is ready even if it never listens', async () => {
  const box = sandbox({ config: { services: { api: { shell: stays, ready: false } } } });
  await box.candle(['reserve-port', 'api']);
  expect((await box.candleJson(['start', '--wait'])).services).toMatchObject([{ ready: true, portAccepts: false }]);
  expect((await box.candle(['ps'])).stdout).toMatch(/^api +RUNNING +yes /m);
  await box.candle(['kill']);
  expect(await stateOf(box)).toEqual({ status: 'not running', ready: null });
});

test('start reports each service that is not ready after 5 seconds in one line, and the services keep running', async () => {
  const services = {
    http: { shell: program('answers-health.mjs'), ready: { http: '/health?deep=1' } },
    far: { shell: stays, ready: { http: 'http://ada:secret@127.0.0.1:1/up' } },
    unreserved: { shell: stays, ready: { http: '/health' } },
    log: { shell: stays, ready: { log: 'listening' } },
    exec: { shell: stays, ready: { exec: 'echo no; exit 7' } },
    port: { shell: stays, ready: { port: 1 } },
  };
  const box = sandbox({ config: { services } });
  await box.candle(['reserve-port', 'http']);
  const { stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(0);
  const lines = withoutNewCommands(stderr).trimEnd().split('\n');
  const waiting = lines.slice(0, 6).map((line) => /^Waiting for '(\w+)': ./.exec(line)?.[1]);
  expect(waiting.toSorted()).toEqual(Object.keys(services).toSorted());
  expect(lines.slice(6)).toEqual([
    "Service 'http' is running, but is not ready yet (/health?deep=1 responds with 503): candle logs http",
    "Service 'far' is running, but is not ready yet (no response from http://127.0.0.1:1/up: connection refused): candle logs far",
    "Service 'unreserved' is running, but is not ready yet (/health needs a reserved port, but the service has none): candle logs unreserved",
    "Service 'log' is running, but is not ready yet (it has not printed 'listening'): candle logs log",
    "Service 'exec' is running, but is not ready yet ('echo no; exit 7' exits with code 7): candle logs exec",
    "Service 'port' is running, but is not ready yet (port 1 does not accept connections): candle logs port",
    'Next: candle wait-for-ready http',
  ]);
  expect((await box.candle(['ps'])).stdout.match(/RUNNING +no /g)).toHaveLength(6);
});

test('an exec check is not part of the run, and its command is not in the arguments of a process', async () => {
  const check =
    'env > $$; pwd >> $$; mv $$ seen; cat /proc/$PPID/cmdline /proc/$$/cmdline | tr "\\0" " " > argv; SECRET=hush; test -e seen';
  const box = sandbox({
    config: { services: { api: { shell: stays, root: 'app', env: { OWN: '1' }, ready: { exec: check } } } },
  });
  box.writeFile('app/keep', '');
  expect(await box.candle(['start', '--wait'])).toMatchObject({ stderr: calm, exitCode: 0 });
  const seen = readFileSync(join(box.projectDir, 'app/seen'), 'utf8');
  expect(seen).toContain('OWN=1\n');
  expect(seen).not.toMatch(/CANDLE_RUN_ID|CANDLE_READY_CHECK/);
  expect(seen.endsWith(`${join(box.projectDir, 'app')}\n`)).toBe(true);
  expect(readFileSync(join(box.projectDir, 'app/argv'), 'utf8')).not.toContain('hush');
});

test('an exec check that hangs is killed with all its child processes', async () => {
  const box = sandbox({
    config: { services: { api: { shell: stays, ready: { exec: 'sleep 4321 & sleep 4322; wait' } } } },
  });
  expect((await box.candle(['start', '--wait', '700ms'])).exitCode).toBe(1);
  // The supervisor repeats the check until the service ends.
  await box.candle(['kill']);
  await awaitNoSupervisor(box);
  expect(box.processes().filter(({ command }) => /sleep 432/.test(command))).toEqual([]);
});

test('a foreign process of the same user on the reserved port does not make a service ready', async () => {
  const box = sandbox({ config: { services: { api: { shell: `${untilReady}; ${stays}` } } } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  // Long enough to see it running on a busy machine.
  const start = box.candle(['start', '--wait', '5']);
  await until('the service is running', async () => (await stateOf(box)).status === 'RUNNING');
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { stderr, exitCode } = await start;
  expect({ exitCode, ready: (await stateOf(box)).ready }).toEqual({ exitCode: 1, ready: false });
  expect(stderr).toMatch(new RegExp(`its reserved port ${port} is in use by node.*\\(pid ${process.pid}\\)\n`));
  await new Promise((resolve) => server.close(resolve));
});
