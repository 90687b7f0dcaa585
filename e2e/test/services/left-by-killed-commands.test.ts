import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { awaitNoSupervisor, awaitSupervisor, killHard } from '../supervisor-of.ts';

/** No process has such a number. */
const deadPid = 999_999_999;
const secretFiles = ['launch.json', 'command', `stop-command.${deadPid}`, 'members.json'];

/** A run that has ended, with what a command leaves that is killed between the ledger and the files. */
async function halfEnded(box: Sandbox, name: string, spool = ''): Promise<string> {
  const { runId } = (await box.candleJson(['start', name, '--shell', `echo ${name}`])).services[0];
  await awaitNoSupervisor(box);
  const dir = join(box.stateDir, 'runs', runId);
  for (const file of [...secretFiles, `run.json.${deadPid}`]) writeFileSync(join(dir, file), '{}');
  rmSync(join(dir, 'log'), { recursive: true });
  if (spool !== '') writeFileSync(join(dir, 'spool'), spool);
  return dir;
}

test('what a killed command has left of an ended run goes with the next supervisor, its output stays', async () => {
  const box = sandbox();
  const dir = await halfEnded(box, 'api', 'printed\n');
  await box.candle(['start', 'other', '--shell', 'exit 0']);
  await awaitNoSupervisor(box);
  expect(readdirSync(dir).sort()).toEqual(['exit', 'shim.sh', 'in', 'exit-pipe', 'log', 'pid', 'run.json']);
  expect((await box.candle(['logs', 'api'])).stdout).toContain('printed\n');
});

test('what cannot be tidied up of one run does not keep the supervisor from the others', async () => {
  const box = sandbox();
  const dirs = [await halfEnded(box, 'a'), await halfEnded(box, 'b', 'printed\n')];
  mkdirSync(join(dirs[0] ?? '', 'spool'));
  await box.candle(['start', 'other', '--shell', 'exit 0']);
  await awaitNoSupervisor(box);
  expect(existsSync(join(dirs[1] ?? '', 'spool'))).toBe(false);
});

test('a command that is killed while a supervisor lives: what it left goes before that one leaves', async () => {
  const box = sandbox();
  await box.candle(['start', 'long', '--shell', 'sleep 1000']);
  const { pid } = await awaitSupervisor(box);
  const { runId } = (await box.candleJson(['start', 'api', '--shell', 'echo api'])).services[0];
  const launch = join(box.stateDir, 'runs', runId, 'launch.json');
  await until('the run is over', () => !existsSync(launch));
  writeFileSync(launch, '{}');
  expect((await awaitSupervisor(box)).pid).toBe(pid);
  await box.candle(['kill', 'long']);
  await awaitNoSupervisor(box);
  expect(existsSync(launch)).toBe(false);
});

test('what a service is to be started again with stays, also over a new supervisor', async () => {
  const box = sandbox({
    config: {
      services: [{ name: 'api', shell: 'sleep 0.7; exit 1', restart: { policy: 'on-failure', delay: '3s' } }],
    },
  });
  const { runId } = (await box.candleJson(['start', 'api'])).services[0];
  await until('it waits for its restart', () => existsSync(join(box.stateDir, 'runs', runId, 'exit')));
  const isRestarting = async () => (await box.candleJson(['ps', 'api'])).services[0].status.startsWith('EXITED');
  await until('it has ended', isRestarting);
  killHard((await awaitSupervisor(box)).pid);
  await until('it was started again', async () => (await box.candleJson(['ps', 'api'])).services[0].runId !== runId);
});
