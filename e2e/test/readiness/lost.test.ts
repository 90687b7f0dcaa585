import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { serveMcp } from '../mcp/mcp-client.ts';
import { bin, sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { awaitSupervisor } from '../supervisor-of.ts';

const stays = 'exec sleep 1000';
const node = (code: string) => `exec node -e "${code}"`;

async function show(box: Sandbox, name = 'api') {
  return (await box.candleJson(['list', name])).services[0];
}

/** A service with a health page that is fine while the file `ready` exists. */
const health = { shell: program('answers-health.mjs'), port: 'auto', ready: { http: '/health', recheck: '1s' } };

test('a service is not ready after two failed checks in a row, and ready again after the first success', async () => {
  const box = sandbox({ config: { services: { api: health, web: { shell: stays, ready: false, dependsOn: 'api' } } } });
  const ready = box.writeFile('ready', '');
  await box.candle(['start', '--wait']);
  const before = await box.candleJson(['list']);
  rmSync(ready);
  await until('it is not ready', async () => (await show(box)).ready === false);
  const api = await show(box);
  expect(api).toMatchObject({ status: 'RUNNING', notReadyReason: '/health responds with 503', restarts: 0 });
  expect(Date.parse(api.notReadySince)).toBeGreaterThan(Date.parse(api.startedAt));
  const { notReadySince, notReadyReason } = api;
  const mcp = await serveMcp(box);
  expect((await mcp.ask('ListServices')).services).toMatchObject([
    { name: 'api', ready: false, notReadySince, notReadyReason },
    { name: 'web', notReadySince: null, notReadyReason: null },
  ]);
  const { stdout } = await box.candle(['ps']);
  expect(stdout).toMatch(/^api +RUNNING \[not ready since .+: \/health responds with 503\] +no /m);

  const waits = await box.candle(['wait-for-ready', 'api', '--timeout', '3']);
  expect(waits.stderr).toMatch(
    /^Error: Service 'api' is not ready after 3 s: \/health responds with 503\nIt was left running\.\nIt was ready before, but has not been since .+\.\n/,
  );
  // Neither the service nor the one that depends on it was restarted.
  const pids = ({ services }: { services: { pid: number }[] }) => services.map(({ pid }) => pid);
  expect(pids(await box.candleJson(['list']))).toEqual(pids(before));

  writeFileSync(ready, '');
  await until('it is ready again', async () => (await show(box)).ready === true);
  expect(await show(box)).toMatchObject({ notReadySince: null, notReadyReason: null });
  expect(existsSync(join(box.stateDir, 'runs', api.runId, 'not-ready.json'))).toBe(false);
});

test('a single failed check changes nothing, and the database is not written while the answer is the same', async () => {
  // Every third request fails.
  const code = `let n = 0; require('http').createServer((_, response) => {
    require('fs').appendFileSync('asked', '.'); response.writeHead(++n % 3 === 0 ? 503 : 200).end();
  }).listen(process.env.PORT)`;
  const box = sandbox({
    config: { services: { api: { shell: node(code), port: 'auto', ready: { http: '/', recheck: '1s' } } } },
  });
  await box.candle(['start', '--wait']);
  const changedAtMs = () => statSync(join(box.stateDir, 'state.db')).mtimeMs;
  const before = changedAtMs();
  await until('seven requests were made', () => readFileSync(join(box.projectDir, 'asked'), 'utf8').length >= 7);
  expect(changedAtMs()).toBe(before);
  expect(await show(box)).toMatchObject({ ready: true, notReadySince: null });
});

test('a command is repeated only with recheck', async () => {
  const ready = (name: string) => ({ exec: `echo . >> ${name}.checks` });
  const box = sandbox({
    config: {
      services: {
        once: { shell: stays, ready: ready('once') },
        often: { shell: stays, ready: { ...ready('often'), recheck: '1s' } },
      },
    },
  });
  await box.candle(['start', '--wait']);
  const checks = (name: string) => readFileSync(join(box.projectDir, `${name}.checks`), 'utf8').length / 2;
  const atFirst = checks('once');
  const often = checks('often');
  await until('the command was repeated', () => checks('often') >= often + 3);
  expect(checks('once')).toBe(atFirst);
});

test('a closed port shows in the next ps, and check-start and wait-for-ready report it', async () => {
  const code = `const server = require('http').createServer().listen(process.env.PORT);
    setInterval(() => { if (require('fs').existsSync('close')) server.close(); }, 20)`;
  const box = sandbox({ config: { services: { api: { shell: node(code), port: 'auto' } } } });
  await box.candle(['start', '--wait']);
  expect(await show(box)).toMatchObject({ ready: true });
  box.writeFile('close', '');
  await until('the port is closed', async () => (await show(box)).ready === false);
  expect((await box.candle(['ps'])).stdout).toMatch(/^api +RUNNING +no .*\(not listening\) /m);
  expect(await box.candleJson(['check-start', 'api'])).toMatchObject({ services: [{ outcome: 'kept', ready: false }] });
  const waits = await box.candle(['wait-for-ready', 'api', '--timeout', '0']);
  expect(waits).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('does not listen on any port yet') });
});

test('a new supervisor continues to check a service that is ready', async () => {
  const box = sandbox({ config: { services: { api: health } } });
  const ready = box.writeFile('ready', '');
  await box.candle(['start', '--wait']);
  const { pid } = await awaitSupervisor(box);
  process.kill(pid, 'SIGKILL');
  rmSync(ready);
  await until('it is not ready', async () => (await show(box)).ready === false);
});

test('a service in a network that the supervisor cannot reach stays ready', async ({ skip }) => {
  const ownNetwork = ['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  if (spawnSync('unshare', [...ownNetwork, 'true']).status !== 0) skip('this user may not unshare');
  const often = { shell: stays, ready: { exec: 'echo . >> checks', recheck: '1s' } };
  const box = sandbox({ config: { services: { often, api: health } } });
  box.writeFile('ready', '');
  await box.candle(['start', 'often', '--wait']);
  const start = [...ownNetwork, process.execPath, bin, 'start', 'api', '--wait'];
  const { stderr, exitCode } = await runProgram('unshare', start, { cwd: box.projectDir, env: box.env });
  expect(exitCode, stderr).toBe(0);
  const checks = () => readFileSync(join(box.projectDir, 'checks'), 'utf8').length / 2;
  const before = checks();
  await until('the supervisor has made checks', () => checks() >= before + 5);
  expect(await show(box)).toMatchObject({ ready: true, notReadySince: null });
  expect((await box.candle(['wait-for-ready', 'api', '--timeout', '0'])).exitCode).toBe(0);
});
