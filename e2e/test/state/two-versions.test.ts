import type { ProgramResult } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { copyOfCli } from '../../faults/copy-of-cli.ts';
import { runsAll, testInFull } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { awaitNoSupervisor, awaitSupervisor, findSupervisor } from '../supervisor-of.ts';

const services = ['api', 'web'].map((name) => ({ name, shell: `echo ${name} is up; exec sleep 600` }));

/** A globally installed CLI, and an older one among the dependencies of a project. */
function twoVersions() {
  const box = sandbox({ config: { services } });
  const older = copyOfCli(box, { version: '1.2.3' });
  const newer = copyOfCli(box, { version: '1.10.0' });
  return { box, older: older.candle, newer: newer.candle };
}

async function json(answer: Promise<ProgramResult>) {
  const { stdout, stderr, exitCode } = await answer;
  expect({ stderr, exitCode, stdout }).toMatchObject({ stderr: '', exitCode: 0 });
  return JSON.parse(stdout);
}

test('two versions can reserve, list, start, read and kill in the same state directory', async () => {
  const { older, newer } = twoVersions();
  for (const [one, other, name] of [
    [older, newer, 'api'],
    [newer, older, 'web'],
  ] as const) {
    const { port } = await json(one(['reserve-port', `${name}-db`, '--json']));
    expect((await json(other(['get-reserved-port', `${name}-db`, '--json']))).port).toBe(port);
    const [{ pid, runId }] = (await json(one(['start', name, '--json']))).services;
    expect((await json(other(['ps', name, '--json']))).services).toMatchObject([{ status: 'RUNNING', pid, runId }]);
    expect((await other(['logs', name])).stdout).toContain(`${name} is up\n`);
    expect((await json(other(['restart', name, '--json']))).services[0].pid).not.toBe(pid);
    expect((await json(one(['kill', name, '--json']))).services).toMatchObject([{ stopped: true }]);
    expect((await json(other(['release-ports', `${name}-db`, '--json']))).releasedPort).toBe(port);
  }
});

testInFull('the newer supervisor replaces the older one, and stays', async () => {
  const { box, older, newer } = twoVersions();
  await older(['start', 'api']);
  const first = await awaitSupervisor(box);
  expect(first.version).toBe('1.2.3');
  await newer(['ps']);
  await newer(['start', 'web']);
  const second = await awaitSupervisor(box, first.pid);
  expect(second.version).toBe('1.10.0');
  await older(['restart', 'api']);
  await older(['ps']);
  expect(findSupervisor(box)).toMatchObject({ pid: second.pid, version: '1.10.0' });
  expect((await json(older(['ps', '--json']))).services.map(({ status }: { status: string }) => status)).toEqual([
    'RUNNING',
    'RUNNING',
  ]);
  await newer(['kill']);
  await awaitNoSupervisor(box);
});

const rounds = runsAll ? 10 : 1;

testInFull(
  'if both versions start services at once, each service runs once, and the newer supervisor stays',
  async () => {
    const { box, older, newer } = twoVersions();
    for (let round = 0; round < rounds; round++) {
      const starts = await Promise.all([older(['start', 'api']), newer(['start', 'web']), older(['start', 'web'])]);
      expect(starts.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
      expect((await awaitSupervisor(box)).version).toBe('1.10.0');
      expect(box.processes().filter(({ command }) => command.startsWith('sleep 600'))).toHaveLength(2);
      const kills = await Promise.all([older(['kill']), newer(['kill'])]);
      expect(kills.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(box.processes()).toEqual([]);
      await awaitNoSupervisor(box);
    }
  },
);

test('concurrent reservations by both versions never use the same port', async () => {
  const { older, newer } = twoVersions();
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => json((n % 2 ? older : newer)(['reserve-port', `s${n}`, '--json']))),
  );
  expect(new Set(answers.map(({ port }) => port)).size).toBe(12);
});
