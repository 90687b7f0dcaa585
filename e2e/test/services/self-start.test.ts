import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { inPart, runsAll } from '../bounded.ts';
import { hasTerminals } from '../in-terminal.ts';
import { bin, sandbox } from '../sandbox.ts';
import { openStore } from '../store.ts';
import { program } from './programs.ts';

const idles = program('idles.mjs');
const candle = `'${process.execPath}' '${bin}'`;

function boxOf(shells: Readonly<Record<string, string>>): Sandbox {
  const services = Object.entries(shells).map(([name, shell]) => ({ name, shell, ready: false }));
  return sandbox({ config: { services } });
}

async function runsOf(box: Sandbox, name: string): Promise<readonly { id: string }[]> {
  const query = (await openStore(box)).prepare('SELECT id FROM runs WHERE service_name = ? ORDER BY generation');
  return query.all(name) as { id: string }[];
}

async function show(box: Sandbox, name: string) {
  return (await box.candleJson(['ps', name])).services[0];
}

describe('a service that starts itself', () => {
  inPart(2).each([
    ['by name', 'start web'],
    ['with up', 'up web'],
    ['with all services', 'start'],
    ['with restart', 'restart web'],
    ['with up of all services', 'up'],
    ['with check-start', 'check-start web'],
    ['without CANDLE_RUN_ID', 'start web', 'env -u CANDLE_RUN_ID'],
  ])('fails with an error, %s', async (_, command, prefix = '') => {
    const box = boxOf({ web: `${prefix} ${candle} ${command}`, api: idles });
    await box.candle(['start', 'api']);
    await box.candle(['start', 'web', '--bg']);
    await until('the run has ended', async () => !(await show(box, 'web')).running);
    expect(await show(box, 'web')).toMatchObject({ exitCode: 1 });
    const message = "Service 'web' cannot start itself: this command is part of its run";
    expect((await box.candle(['logs', 'web'])).stdout).toContain(message);
    expect(await runsOf(box, 'web')).toHaveLength(1);
    expect(await runsOf(box, 'api')).toHaveLength(1);
  });

  test('makes the start fail, with the error in its last lines', async () => {
    const box = sandbox({ config: { services: { web: { shell: `${candle} start web`, port: 'auto' } } } });
    const { exitCode, stderr } = await box.candle(['start']);
    expect(stderr).toMatch(
      /^Error: Service 'web' failed to start: it exited with code 1\nIts last lines:\n.*cannot start itself/ms,
    );
    expect(exitCode).toBe(1);
  });

  inPart(1).each([
    ['up in a job', 'up web', { oneshot: true }],
    ['up', 'up', { port: 'auto' }],
    ['check-start --wait', 'check-start --wait', { port: 'auto' }],
  ])('does not wait for itself with %s', async (_, command, fields) => {
    const shell = `${candle} ${command} > out 2>&1; exec ${idles}`;
    const box = sandbox({ config: { services: { web: { shell, ...fields } } } });
    await box.candle(['start', 'web', '--bg']);
    const out = join(box.projectDir, 'out');
    const message = "Service 'web' cannot start itself: this command is part of its run";
    await until('the inner command has failed', () => readFileSync(out, 'utf8').includes(message), {
      explain: () => readFileSync(out, 'utf8'),
    });
    expect(await runsOf(box, 'web')).toHaveLength(1);
  });

  test('through another service is refused there, and both keep running', async () => {
    const box = boxOf({
      web: `${candle} start api; exec ${idles}`,
      api: `${candle} start web --json > answer; exec ${idles}`,
    });
    await box.candle(['start', 'web']);
    const answer = join(box.projectDir, 'answer');
    await until('the inner start has ended', () => existsSync(answer) && readFileSync(answer, 'utf8') !== '');
    expect(JSON.parse(readFileSync(answer, 'utf8')).error).toMatchObject({
      code: 'SERVICE_STARTS_ITSELF',
      message: "Service 'web' cannot start itself: its run started 'api', which runs this command",
      details: { name: 'web', through: ['api'] },
    });
    expect(await runsOf(box, 'web')).toHaveLength(1);
    expect(await show(box, 'web')).toMatchObject({ status: 'RUNNING' });
    expect(await show(box, 'api')).toMatchObject({ status: 'RUNNING' });
  });

  test('leaves its run alone with check-start, if the service also runs another program', async () => {
    const box = boxOf({ web: `(${candle} check-start web && touch done) & exec ${idles}` });
    await box.candle(['start']);
    await until('check-start has succeeded', () => existsSync(join(box.projectDir, 'done')));
    expect(await runsOf(box, 'web')).toHaveLength(1);
  });
});

test('a program that has only inherited CANDLE_RUN_ID may restart the service', async () => {
  const box = boxOf({ web: idles });
  const [{ runId }] = (await box.candleJson(['start'])).services;
  const env = { CANDLE_RUN_ID: runId, CANDLE_SERVICE: 'web' };
  expect(await box.candle(['restart', 'web'], { env })).toMatchObject({ exitCode: 0 });
  expect(await runsOf(box, 'web')).toHaveLength(2);
});

test.skipIf(!hasTerminals)('a person may restart the service in a terminal that it has opened', async () => {
  // The session of the terminal belongs to the run, because a program in it listens.
  const listens = program('listens-on.mjs', '127.0.0.1', 0);
  const typed = `${listens} & sleep 2; ${candle} restart web; echo "restarted $?"; wait`;
  const pty = `import pty, sys; pty.spawn(sys.argv[1:])`;
  const box = boxOf({ web: `test -e again && exec ${idles}; touch again; python3 -c '${pty}' sh -c ${quoted(typed)}` });
  await box.candle(['start', 'web', '--bg']);
  await until('there is a second run', async () => (await runsOf(box, 'web')).length === 2, {
    explain: async () => (await box.candle(['logs', 'web'])).stdout,
  });
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

describe('kill wins over a service that starts itself in a loop', () => {
  /** In the whole suite, more than twenty in all. */
  const kills = runsAll ? 7 : 2;
  const loop = (prefix: string, name: string) => `while :; do ${prefix} ${candle} start ${name} --bg; done`;
  inPart(1).each([
    ['directly', { web: loop('', 'web') }],
    ['without CANDLE_RUN_ID', { web: loop('env -u CANDLE_RUN_ID', 'web') }],
    ['through another service', { web: loop('', 'helper'), helper: loop('', 'web') }],
  ])('%s', async (_, shells) => {
    const box = boxOf(shells);
    for (let count = 0; count < kills; count++) {
      expect(await box.candle(['start', 'web', '--bg'])).toMatchObject({ exitCode: 0 });
      expect(await box.candle(['kill'])).toMatchObject({ exitCode: 0 });
      // Without a process, nothing can start the service again.
      await until('no process is left', () => box.processes().length === 0);
      const { services } = await box.candleJson(['ps']);
      for (const service of services) expect(service).toMatchObject({ status: 'not running' });
    }
  });

  test('a service that was started by it cannot start it again', async () => {
    const box = boxOf({
      web: `${candle} start helper --bg; exec ${idles}`,
      helper: `while ! test -e go; do sleep 0.05; done; ${candle} start web --json > answer; exec ${idles}`,
    });
    await box.candle(['start', 'web', '--bg']);
    await until('the helper runs', async () => (await show(box, 'helper')).running);
    expect(await box.candle(['kill', 'web'])).toMatchObject({ exitCode: 0 });
    box.writeFile('go', '');
    const answer = join(box.projectDir, 'answer');
    await until('the start has ended', () => existsSync(answer) && readFileSync(answer, 'utf8') !== '');
    expect(JSON.parse(readFileSync(answer, 'utf8')).error).toMatchObject({ code: 'SERVICE_CALLER_STOPPED' });
    expect(await show(box, 'web')).toMatchObject({ status: 'not running' });
    expect(await box.candle(['start', 'web', '--bg'])).toMatchObject({ exitCode: 0 });
  });
});
