import { chmodSync } from 'node:fs';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { withoutNewCommands } from '../calm.ts';
import { freePort, listen } from '../listeners.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

const elsewhere = (...args: readonly (string | number)[]) => program('listens-on-other-port.mjs', ...args);
/** The text that the program prints once it listens. With this check, start does not wait for the reserved port. */
const ready = { log: 'up on' };
const stays = 'exec sleep 1000';
const untilGo = 'until [ -e go ]; do sleep 0.02; done';

async function reserve(box: Sandbox, ...names: string[]): Promise<number[]> {
  const ports: number[] = [];
  for (const name of names) ports.push((await box.candleJson(['reserve-port', name])).port);
  return ports;
}

async function portCheckOf(box: Sandbox, name = 'api') {
  return (await box.candleJson(['list', name])).services[0].portCheck;
}

async function untilStatus(box: Sandbox, status: string) {
  return until(`the port check is ${status}`, async () => {
    const portCheck = await portCheckOf(box);
    return portCheck?.status === status && portCheck;
  });
}

test('start reports the port check of each service with a fix, and list and ps show a short form', async () => {
  const box = sandbox();
  const [a, b] = [await freePort(5_173), await freePort(6_173)];
  box.writeConfig({
    services: {
      good: { shell: program('listens.mjs') },
      code: { shell: elsewhere(a), ready },
      lost: { shell: `env -u PORT ${elsewhere(b)}`, ready },
      quiet: { shell: `echo up on nothing; ${stays}`, ready },
      worker: { shell: stays, ready: false },
    },
  });
  const [good, code, lost, quiet, worker] = await reserve(box, 'good', 'code', 'lost', 'quiet', 'worker');
  const { stderr, exitCode } = await box.candle(['start']);
  expect({ exitCode, lines: withoutNewCommands(stderr).split('\n') }).toEqual({
    exitCode: 0,
    lines: [
      `Service 'code' listens on ${a} instead of its reserved port ${code}`,
      `PORT is ${code}, so ${a} is set in its code or configuration: make it read PORT, or set "portEnv" to the variable that it reads`,
      `If it always listens on ${a}, set "port": ${a} in .candle.json: candle release-ports code && candle restart code`,
      `Service 'lost' listens on ${b} instead of its reserved port ${lost}`,
      'Its command unsets PORT: remove that, or put the port into its command: $PORT',
      'Next: candle ps',
      '',
    ],
  });
  const { stdout: list } = await box.candle(['list']);
  expect(list.match(/Port: +.*/g)?.map((line) => line.replace(/Port: +/, ''))).toEqual([
    `${good}`,
    `${code} (listens on ${a} instead)`,
    `${lost} (listens on ${b} instead)`,
    `${quiet} (does not listen on any port yet)`,
    `${worker}`,
  ]);
  const { stdout: ps } = await box.candle(['ps']);
  expect(ps.match(/ \d+( \([^)]*\))?(?= +(?:http\S+|-)$)/gm)?.map((cell) => cell.trim())).toEqual([
    `${good}`,
    `${code} (on ${a})`,
    `${lost} (on ${b})`,
    `${quiet} (not listening)`,
    `${worker}`,
  ]);

  const { services } = await box.candleJson(['list']);
  const byName = Object.fromEntries(services.map((one: { name: string }) => [one.name, one]));
  const none = { owner: null, fix: null };
  expect(byName.good.portCheck).toEqual({ status: 'ok', listensOn: [good], ...none });
  expect(byName.code.portCheck).toEqual({ ...none, status: 'wrong-port', listensOn: [a], fix: expect.any(String) });
  expect(byName.quiet.portCheck).toEqual({ ...none, status: 'not-listening', listensOn: [], fix: expect.any(String) });
  expect(byName.worker.portCheck).toEqual({ status: 'not-listening', listensOn: [], ...none });

  const mcp = await serveMcp(box);
  expect(await mcp.ask('ListServices')).toEqual({ services, configWarnings: [] });
  expect((await mcp.ask('StartService', { name: 'code' })).services[0]).toMatchObject({
    ready: true,
    portCheck: byName.code.portCheck,
  });
  await box.candle(['kill']);
  expect(await portCheckOf(box, 'good')).toBeNull();
});

test('a failed wait for readiness reports where the service listens, and how to fix it', async () => {
  const box = sandbox();
  const port = await freePort(5_173);
  chmodSync(box.writeFile('node_modules/.bin/vite', `#!/bin/sh\n${elsewhere(port)}\n`), 0o755);
  box.writeFile('package.json', JSON.stringify({ scripts: { dev: 'vite' } }));
  box.writeConfig({ services: { api: { shell: 'npm run dev' } } });
  const [reserved] = await reserve(box, 'api');
  await box.candle(['start', '--wait', '0']);
  await untilStatus(box, 'wrong-port');
  const { stderr, exitCode } = await box.candle(['wait-for-ready', 'api', '--timeout', '0']);
  expect({ exitCode, lines: stderr.split('\n').slice(0, 3) }).toEqual({
    exitCode: 1,
    lines: [
      `Error: Service 'api' is not ready after 0 s: it listens on ${port} instead of its reserved port ${reserved}`,
      'It was left running.',
      'Vite does not read PORT: "shell": "npm run dev -- --port $PORT --strictPort"',
    ],
  });
});

test('the port check follows a service from no port to a wrong port to its reserved port', async () => {
  const box = sandbox();
  const port = await freePort(5_173);
  const shell = `echo up on; ${untilGo}; ${elsewhere(port)} & until [ -e on ]; do sleep 0.02; done; kill $!; exec ${elsewhere('+0')}`;
  box.writeConfig({ services: { api: { shell, ready } } });
  const [reserved] = await reserve(box, 'api');
  await box.candle(['start']);
  expect(await portCheckOf(box)).toMatchObject({ status: 'not-listening', listensOn: [] });
  box.writeFile('go', '');
  expect(await untilStatus(box, 'wrong-port')).toMatchObject({ listensOn: [port] });
  box.writeFile('on', '');
  expect(await untilStatus(box, 'ok')).toMatchObject({ listensOn: [reserved], fix: null });
});

test('another process on the same port at another address is a conflict until it stops listening', async () => {
  const box = sandbox({ config: { services: { api: { shell: elsewhere('+0', '::1'), ready } } } });
  const [port] = await reserve(box, 'api');
  await box.candle(['start']);
  expect(await portCheckOf(box)).toMatchObject({ status: 'ok' });
  const other = await listen({ port, host: '127.0.0.1' });
  const owner = { pid: process.pid, command: 'node', service: null, addresses: ['127.0.0.1'] };
  expect(await portCheckOf(box)).toMatchObject({ status: 'conflict', listensOn: [port], owner });
  expect((await box.candle(['list'])).stdout).toContain(
    `${port} (also in use by another process: node, pid ${process.pid})`,
  );
  const { stderr } = await box.candle(['check-start', '--project', box.projectDir], { cwd: '/' });
  expect(stderr).toMatch(
    new RegExp(`^Service 'api' shares its reserved port ${port} with node.*\\(pid ${process.pid}\\)\n`),
  );
  // who-has has no --project flag, so the hint does not repeat it.
  expect(stderr.endsWith(`\nNext: candle who-has ${port}\n`)).toBe(true);
  await new Promise((resolve) => other.close(resolve));
  expect(await portCheckOf(box)).toMatchObject({ status: 'ok', owner: null });
});

test('if a service listens on the next port because its own is in use, the port check reports the owner', async () => {
  const shell = `echo up on; ${untilGo}; exec ${elsewhere('+1')}`;
  const box = sandbox({ config: { services: { api: { shell, ready } } } });
  const [port = 0] = await reserve(box, 'api');
  await box.candle(['start']);
  await listen({ port });
  box.writeFile('go', '');
  const portCheck = await until('the service listens', async () => {
    const now = await portCheckOf(box);
    return now.listensOn.length > 0 && now;
  });
  expect(portCheck).toMatchObject({ status: 'conflict', listensOn: [port + 1], owner: { pid: process.pid } });
  expect(portCheck.fix).toContain(`candle who-has ${port}`);
});

test('a start reports the program that has taken the port of a service while it starts', async () => {
  const box = sandbox({ config: { services: { api: { shell: `${untilGo}; exec ${elsewhere('+1')}` } } } });
  const [port = 0] = await reserve(box, 'api');
  const start = box.candle(['start']);
  await until('the service runs', async () => (await box.candleJson(['list'])).services[0].running);
  await listen({ port });
  box.writeFile('go', '');
  const { stderr } = await start;
  expect(stderr).toMatch(new RegExp(`its reserved port ${port} is in use by .*\\(pid ${process.pid}\\)`));
  expect(stderr).not.toContain('another program');
});
