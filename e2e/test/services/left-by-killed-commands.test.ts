import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { awaitNoSupervisor, awaitSupervisor, killHard } from '../supervisor-of.ts';

/** No process can have this PID. */
const deadPid = 999_999_999;
const secretFiles = ['launch.json', 'command', `stop-command.${deadPid}`, 'members.json'];

/** An ended run with the files that a command leaves if it is killed between the database write and the cleanup. */
async function halfEnded(box: Sandbox, name: string, spool = ''): Promise<string> {
  const { runId } = (await box.candleJson(['start', name, '--shell', `echo ${name}`])).services[0];
  await awaitNoSupervisor(box);
  const dir = join(box.stateDir, 'runs', runId);
  for (const file of [...secretFiles, `run.json.${deadPid}`]) writeFileSync(join(dir, file), '{}');
  rmSync(join(dir, 'log'), { recursive: true });
  if (spool !== '') writeFileSync(join(dir, 'spool'), spool);
  return dir;
}

test('the next supervisor removes the files that a killed command left in an ended run, but keeps its output', async () => {
  const box = sandbox();
  const dir = await halfEnded(box, 'api', 'printed\n');
  await box.candle(['start', 'other', '--shell', 'exit 0']);
  await awaitNoSupervisor(box);
  expect(readdirSync(dir).sort()).toEqual(['exit', 'exit-pipe', 'in', 'log', 'pid', 'run.json', 'shim.sh', 'stop']);
  expect((await box.candle(['logs', 'api'])).stdout).toContain('printed\n');
});

test('the next supervisor removes the directory of a run whose start was interrupted before it was recorded', async () => {
  const box = sandbox();
  const runs = join(box.stateDir, 'runs');
  mkdirSync(join(runs, `new-mwrxabcd-0123456789ab.${deadPid}`), { recursive: true });
  const { runId } = (await box.candleJson(['start', 'other', '--shell', 'exit 0'])).services[0];
  await awaitNoSupervisor(box);
  expect(readdirSync(runs).sort()).toEqual(['CACHEDIR.TAG', runId]);
});

test('a run that cannot be cleaned up does not stop the supervisor from cleaning up the others', async () => {
  const box = sandbox();
  const dirs = [await halfEnded(box, 'a'), await halfEnded(box, 'b', 'printed\n')];
  mkdirSync(join(dirs[0] ?? '', 'spool'));
  await box.candle(['start', 'other', '--shell', 'exit 0']);
  await awaitNoSupervisor(box);
  expect(existsSync(join(dirs[1] ?? '', 'spool'))).toBe(false);
});

test('a supervisor removes the files that a killed command left before it exits', async () => {
  const box = sandbox();
  await box.candle(['start', 'long', '--shell', 'sleep 1000']);
  const { pid } = await awaitSupervisor(box);
  const { runId } = (await box.candleJson(['start', 'api', '--shell', 'echo api'])).services[0];
  const launch = join(box.stateDir, 'runs', runId, 'launch.json');
  await until('the run has ended', () => !existsSync(launch));
  writeFileSync(launch, '{}');
  expect((await awaitSupervisor(box)).pid).toBe(pid);
  await box.candle(['kill', 'long']);
  await awaitNoSupervisor(box);
  expect(existsSync(launch)).toBe(false);
});

test('a pending restart survives the death of the supervisor', async () => {
  const box = sandbox({
    config: {
      services: [
        { name: 'api', shell: 'sleep 0.7; exit 1', ready: false, restart: { policy: 'on-failure', delay: '3s' } },
      ],
    },
  });
  const { runId } = (await box.candleJson(['start', 'api'])).services[0];
  await until('the program has exited', () => existsSync(join(box.stateDir, 'runs', runId, 'exit')));
  const hasEnded = async () => (await box.candleJson(['ps', 'api'])).services[0].status.startsWith('EXITED');
  await until('its end is recorded', hasEnded);
  killHard((await awaitSupervisor(box)).pid);
  await until('it is started again', async () => (await box.candleJson(['ps', 'api'])).services[0].runId !== runId);
});
