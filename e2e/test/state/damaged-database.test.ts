import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { fillStore } from '../store.ts';
import { awaitNoSupervisor, awaitSupervisor, killHard } from '../supervisor-of.ts';

const config = { services: [{ name: 'api', shell: `echo begun; exec ${program('listens.mjs')}` }] };

/** Ways to damage state.db, and the reason in the warning. */
const damages: readonly [string, (box: Sandbox) => void, string][] = [
  ['is overwritten', (box) => writeFileSync(database(box), 'rubbish'.repeat(3000)), '(file is not a database)'],
  ['loses its header', overwriteHeader, '(file is not a database)'],
  ['is deleted', removeDatabase, '(it is missing)'],
];

function database(box: Sandbox): string {
  return join(box.stateDir, 'state.db');
}

function overwriteHeader(box: Sandbox): void {
  writeFileSync(database(box), readFileSync(database(box)).fill(0, 0, 100));
}

function removeDatabase(box: Sandbox): void {
  rmSync(database(box));
}

async function runningApi() {
  const box = sandbox({ config });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start', 'api', '--bg']);
  const [service] = (await box.candleJson(['ps'])).services;
  return { box, port, service };
}

test.for(damages)(
  'if state.db %s while a service runs, the service is still listed, and kill stops it',
  async ([, damage, reason]) => {
    const { box, port, service } = await runningApi();
    damage(box);
    const first = await box.candle(['ps']);
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(reason) });
    expect(first.stderr).toMatch(/^Restored: 1 reservation, 1 running service, 0 earlier runs$/m);
    expect(first.stderr).toContain(`\nRunning: 'api' on port ${port} of ${box.projectDir}\n`);
    expect(first.stderr).toMatch(
      /^The copy \S+\/state\.db\.last was \d+ (s|min) old and contained the last recorded change, so no reservation is lost$/m,
    );
    // The warning is printed only once.
    expect(await box.candle(['ps'])).toEqual({ exitCode: 0, stderr: '', stdout: expect.stringContaining('RUNNING') });
    expect((await box.candleJson(['ps'])).services).toEqual([service]);
    expect((await box.candle(['get-reserved-port', 'api'])).stdout).toBe(`${port}\n`);
    expect((await box.candle(['logs', 'api'])).stdout).toContain('begun');

    expect((await box.candle(['kill', 'api'])).stdout).toBe("[Stopped process 'api']\n");
    expect(box.processes()).toEqual([]);
    expect((await box.candle(['start', 'api', '--bg'])).stdout).toContain(`[PORT: ${port}]`);
  },
);

test('a command that changes a reservation copies the database, and a command that only reads does not', async () => {
  const box = sandbox();
  const copy = join(box.stateDir, 'state.db.last');
  await box.candle(['reserve-port', 'api']);
  expect(existsSync(copy)).toBe(true);
  rmSync(copy);
  for (const reading of ['list-reserved-ports', 'list', 'get-reserved-port api', 'get-or-reserve-port api']) {
    expect(await box.candle(reading.split(' '))).toMatchObject({ exitCode: 0 });
  }
  expect(existsSync(copy)).toBe(false);
  await box.candle(['release-ports']);
  expect(existsSync(copy)).toBe(true);
});

test('the supervisor copies a change of a process that did not copy it, at the latest when it exits', async () => {
  const { box, port } = await runningApi();
  const { pid } = await awaitSupervisor(box);
  await fillStore(box, [4900]);
  process.kill(pid, 'SIGTERM');
  await awaitNoSupervisor(box);
  removeDatabase(box);
  const { ports } = await box.candleJson(['list-reserved-ports', '--all']);
  expect(ports.map((each: { port: number }) => each.port).toSorted()).toEqual([port, 4900]);
});

test('a copy that cannot be written does not affect the command', async () => {
  const box = sandbox();
  await box.candle(['list-reserved-ports']);
  // A directory cannot be replaced with a file.
  mkdirSync(join(box.stateDir, 'state.db.last'));
  expect(await box.candle(['reserve-port', 'api'])).toMatchObject({
    exitCode: 0,
    stderr: expect.not.stringMatching(/^(Warning|Error)/m),
  });
  expect(readdirSync(box.stateDir).filter((name) => name.includes('new'))).toEqual([]);
});

test('if the copy is damaged too, reservations of running services are restored, and the others are reported as lost', async () => {
  const { box, port } = await runningApi();
  await box.candle(['reserve-port', 'web']);
  const { watchdog, pid } = await awaitSupervisor(box);
  for (const each of [watchdog?.pid ?? 0, pid]) killHard(each);
  overwriteHeader(box);
  writeFileSync(join(box.stateDir, 'state.db.last'), 'rubbish');
  const { stderr } = await box.candle(['ps']);
  expect(stderr).toMatch(/^Restored: 1 reservation, 1 running service, 0 earlier runs$/m);
  expect(stderr).toMatch(/^The copy \S+ is damaged too \(.+\); ports of services that are not running are lost/m);
  expect((await box.candle(['get-reserved-port', 'api'])).stdout).toBe(`${port}\n`);
  expect(await box.candle(['get-reserved-port', 'web'])).toMatchObject({ exitCode: 1 });
});

test('an MCP server copies the database that it changed, at the latest when its client is gone', async () => {
  const box = sandbox();
  const server = spawn(process.execPath, [bin, 'mcp'], { cwd: box.projectDir, env: box.env });
  onTestFinished(() => void server.kill('SIGKILL'));
  const messages = [
    ['initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }],
    ['tools/call', { name: 'ReservePort', arguments: { serviceName: 'api' } }],
  ] as const;
  for (const [id, [method, params]] of messages.entries()) {
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  }
  server.stdin.end();
  server.stdout.resume();
  await once(server, 'close');
  removeDatabase(box);
  expect((await box.candle(['get-reserved-port', 'api'])).exitCode).toBe(0);
});

test('a service that was stopped before the database was deleted stays stopped, and its output is kept', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'echo begun; exec sleep 600' }] } });
  await box.candle(['start', 'api', '--bg']);
  await box.candle(['kill', 'api']);
  const before = [await box.candle(['ps']), await box.candle(['logs', 'api'])];
  removeDatabase(box);
  await box.candle(['list-reserved-ports', '--all']);
  expect([await box.candle(['ps']), await box.candle(['logs', 'api'])]).toEqual(before);
});

test('a transient service can be restarted after the database was deleted', async () => {
  const box = sandbox();
  await box.candle(['start', 'docs', '--bg', '--shell', 'exec sleep 600']);
  removeDatabase(box);
  const restarted = await box.candle(['restart', 'docs']);
  expect(restarted).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("[Started process 'docs'] $ exec sleep 600"),
  });
});

test('if 16 concurrent commands find the database damaged, one restores it, all succeed, and no port is assigned twice', async () => {
  const { box, port } = await runningApi();
  await box.candle(['reserve-port', 'web']);
  overwriteHeader(box);
  const names = Array.from({ length: 16 }, (_, index) => `service-${index}`);
  const results = await Promise.all(names.map((name) => box.candle(['reserve-port', name])));
  expect(results.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
  // If the supervisor restored it, the next command prints the warning.
  const warned = [...results, await box.candle(['ps'])].filter(({ stderr }) => stderr.includes('was set aside'));
  expect(warned).toHaveLength(1);
  const { ports } = await box.candleJson(['list-reserved-ports', '--all']);
  expect(new Set(ports.map((each: { port: number }) => each.port)).size).toBe(18);
  expect((await box.candle(['get-reserved-port', 'api'])).stdout).toBe(`${port}\n`);
  expect(readdirSync(box.stateDir).filter((name) => /^state\.db\.damaged-.*Z$/.test(name))).toHaveLength(1);
}, 60_000);

test('an MCP server that was started before the damage continues, and reports the restored database on stderr', async () => {
  const { box, port } = await runningApi();
  const server = spawn(process.execPath, [bin, 'mcp'], { cwd: box.projectDir, env: box.env });
  onTestFinished(() => void server.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    server[name].on('data', (text) => {
      output[name] += text;
    });
  const ask = (id: number, method: string, params: unknown) =>
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  const answer = (id: number) => expect.poll(() => output.stdout, { timeout: 15_000 }).toContain(`"id":${id}`);
  ask(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } });
  ask(2, 'tools/call', { name: 'GetReservedPort', arguments: { serviceName: 'api' } });
  await answer(2);
  removeDatabase(box);
  ask(3, 'tools/call', { name: 'GetReservedPort', arguments: { serviceName: 'api' } });
  await answer(3);
  expect(output.stdout.split('\n').find((line) => line.includes('"id":3'))).toContain(`"port":${port}`);
  expect(output.stderr).toContain('(it is missing); a new one was created');
  server.stdin.end();
  await once(server, 'close');
});
