import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { withoutNewCommands } from '../calm.ts';
import { freePort } from '../listeners.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

/** Reads PORT, and otherwise listens on the given port. */
const server = (port: number) => `exec node -e "require('http').createServer().listen(process.env.PORT || ${port})"`;
const idles = program('idles.mjs');

async function portCheckOf(box: Sandbox, name = 'web') {
  return (await box.candleJson(['list', name])).services[0].portCheck;
}

/** What a start prints on stderr, line by line. */
async function startLines(box: Sandbox, args: readonly string[]): Promise<string[]> {
  return withoutNewCommands((await box.candle(args)).stderr).split('\n');
}

function unreserved(port: number, name = 'web'): string[] {
  return [
    `Service '${name}' listens on ${port}, which is not reserved for it`,
    'A second checkout of this project would use the same port',
    `To reserve a port for it, if it reads PORT: candle reserve-port ${name} && candle restart ${name}`,
    `If it always listens on ${port}, set "port": ${port} in .candle.json: candle restart ${name}`,
  ];
}

test('a start without a reservation waits until the program listens, and reports the port once per run', async () => {
  const port = await freePort(7_200);
  const box = sandbox({ config: { services: { web: { shell: `sleep 1; ${server(port)}` } } } });
  const { services } = await box.candleJson(['start', 'web']);
  const portCheck = { status: 'unreserved', listensOn: [port], owner: null, fix: unreserved(port).slice(1).join('\n') };
  expect(services[0]).toMatchObject({ outcome: 'running', port: null, ready: true, portCheck });
  expect(await portCheckOf(box)).toEqual(portCheck);

  // JSON always has it, and does not count as a report.
  expect(await startLines(box, ['check-start', 'web'])).toEqual([...unreserved(port), 'Next: candle logs web', '']);
  expect(await startLines(box, ['check-start', 'web'])).toEqual(['Next: candle logs web', '']);
  const list = await box.candle(['list']);
  expect(list).toMatchObject({ stderr: '', stdout: expect.stringContaining(`Port:      ${port} (not reserved)\n`) });
  expect(await startLines(box, ['restart', 'web'])).toEqual([...unreserved(port), 'Next: candle logs web', '']);

  await box.candle(['reserve-port', 'web']);
  const { services: again } = await box.candleJson(['restart', 'web']);
  expect(again[0].portCheck).toMatchObject({ status: 'ok', listensOn: [again[0].port], fix: null });
});

test('list and ps report an unreserved port that opened after the start, only once', async () => {
  const port = await freePort(7_200);
  const shell = `until [ -e go ]; do sleep 0.02; done; ${server(port)}`;
  const box = sandbox({ config: { services: { web: { shell, ready: false } } } });
  expect(await startLines(box, ['start', 'web'])).toEqual(['Next: candle logs web', '']);
  expect(await portCheckOf(box)).toBeNull();
  box.writeFile('go', '');
  await until('it listens', async () => (await portCheckOf(box)) !== null);
  const ps = await box.candle(['ps']);
  expect(ps.stdout).toMatch(new RegExp(` ${port} \\(not reserved\\) +http://localhost:${port}\n$`));
  expect(ps.stderr).toBe(`${unreserved(port).join('\n')}\n`);
  expect((await box.candle(['list'])).stderr).toBe('');
});

test('MCP reports an unreserved port and the command that its framework needs', async () => {
  const port = await freePort(7_200);
  const box = sandbox({ config: { services: {} } });
  box.writeFile('node_modules/vite/bin/vite.js', `require('http').createServer().listen(${port})`);
  const mcp = await serveMcp(box);
  const shell = 'node node_modules/vite/bin/vite.js';
  const { services } = await mcp.ask('StartTransientService', { name: 'web', shell });
  const fix = [
    'A second checkout of this project would use the same port',
    `To start it on a separate port: candle start web --shell '${shell} --port $PORT --strictPort' --port auto`,
  ];
  expect(services[0].portCheck).toEqual({ status: 'unreserved', listensOn: [port], owner: null, fix: fix.join('\n') });
  const { services: listed } = await mcp.ask('ListServices');
  expect(listed[0].portCheck).toEqual(services[0].portCheck);
});

test('outgoing connections and UDP sockets do not count as ports', async () => {
  const port = await freePort(7_200);
  const client = `require('dgram').createSocket('udp4').bind(0);require('net').connect(${port}).on('connect', () => console.log('connected'))`;
  const box = sandbox({
    config: {
      services: { web: { shell: server(port) }, client: { shell: `node -e "${client}"`, ready: { log: 'connected' } } },
    },
  });
  await box.candle(['start', 'web']);
  const { services } = await box.candleJson(['start', 'client']);
  expect(services[0]).toMatchObject({ ready: true, portCheck: null });
});

test('a program that fails before it listens is a failed start, also with --bg', async () => {
  const box = sandbox({
    config: {
      services: {
        fails: { shell: 'echo loading; sleep 1; echo no database; exit 7' },
        killed: { shell: 'sleep 1; kill -KILL $$' },
        done: { shell: 'sleep 1; echo done' },
        unchecked: { shell: 'sleep 1; exit 7', ready: false },
      },
    },
  });
  const failed = await box.candle(['start', 'fails', '--bg']);
  expect(failed.exitCode).toBe(1);
  expect(withoutNewCommands(failed.stderr).split('\n').slice(0, 4)).toEqual([
    "Error: Service 'fails' failed to start: it exited with code 7",
    'Its last lines:',
    '  loading',
    '  no database',
  ]);
  const { error } = await box.candleJson(['start', 'killed']);
  expect(error).toMatchObject({ code: 'SERVICE_START_FAILED', details: { exitSignal: 'SIGKILL', fix: null } });
  expect((await box.candleJson(['start', 'done'])).services[0]).toMatchObject({ outcome: 'finished' });
  // Without a check, half a second decides.
  expect((await box.candleJson(['start', 'unchecked'])).services[0]).toMatchObject({ outcome: 'running' });
});

test('a start reports a service that does not listen, and how to skip the wait or to answer its question, unless it is known not to', async () => {
  const box = sandbox({
    config: {
      services: {
        worker: { shell: idles },
        marked: { shell: idles, ready: false },
        build: { shell: 'npm run watch' },
        asks: { shell: "printf 'Overwrite? (y/N) '; read answer", tty: true },
      },
    },
  });
  box.writeFile('package.json', JSON.stringify({ scripts: { watch: 'tail -f package.json' } }));
  const change = 'set "port": null in .candle.json, so that its start does not wait for that';
  expect(await startLines(box, ['start', 'worker', 'asks'])).toEqual([
    `Service 'worker' does not listen on any port. If it never does, ${change}`,
    "Service 'asks' does not listen on any port",
    "It may be waiting for the answer to its last line: 'Overwrite? (y/N)'",
    'To answer: candle send asks TEXT',
    `If it never listens, ${change}`,
    'Next: candle ps',
    '',
  ]);
  for (const name of ['marked', 'build']) {
    expect(await startLines(box, ['start', name])).toEqual([`Next: candle logs ${name}`, '']);
  }
});

test('if the port of a program is in use, the error has the owner and the command that solves it', async () => {
  const port = await freePort(7_200);
  const [first, second] = [sandbox(), sandbox()];
  for (const box of [first, second]) box.writeConfig({ services: { web: { shell: server(port) } } });
  await first.candle(['start', 'web']);
  const failed = await second.candleJson(['start', 'web']);
  expect(failed.error.details).toMatchObject({
    conflict: { port, owners: [{ command: 'node' }] },
    fix: 'To reserve a port for it: candle reserve-port web && candle start web',
  });
  const { stderr } = await second.candle(['start', 'web']);
  expect(stderr).toMatch(new RegExp(`^Port ${port} is in use by node .*\\(pid \\d+\\)\n`, 'm'));
  expect(stderr).toMatch(/^To reserve a port for it: candle reserve-port web && candle start web$/m);
  await second.candle(['reserve-port', 'web']);
  const { services } = await second.candleJson(['start', 'web']);
  expect(services[0]).toMatchObject({ portCheck: { status: 'ok' }, portAccepts: true });
});

test('if a program uses a port of another service instead of the reserved one, the error says how to change that, or what to stop', async () => {
  const port = await freePort(7_200);
  const box = sandbox({
    config: {
      services: { api: { shell: server(port) }, web: { shell: server(port), port: 'auto', portEnv: 'WEB' } },
    },
  });
  await box.candle(['start', 'api']);
  const { stderr, exitCode } = await box.candle(['start', 'web']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^It belongs to service 'api' of project /m);
  expect(stderr).toMatch(
    new RegExp(
      `^WEB is \\d+, so ${port} is set in its code or configuration: make it read WEB, or set "portEnv" `,
      'm',
    ),
  );
  expect(stderr).toMatch(/^To stop service 'api': candle kill api && candle start web$/m);
});
