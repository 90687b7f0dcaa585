import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { awaitSupervisor } from '../supervisor-of.ts';
import { inSandbox, refusal } from './refusal.ts';

const config = { services: [{ name: 'api', shell: 'echo begun; exec sleep 600' }] };

const commandLines = [['ps'], ['list'], ['logs'], ['list-reserved-ports', '--all'], ['kill-all'], ['ps', '--all']];

test('a running service without its run directory is still listed, and kill stops all its processes', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api', '--bg']);
  rmSync(join(box.stateDir, 'runs'), { recursive: true });
  const { services } = await box.candleJson(['ps']);
  expect(services).toMatchObject([{ name: 'api', running: true, status: 'RUNNING' }]);
  expect(await box.candle(['logs', 'api'])).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await box.candle(['kill', 'api'])).toMatchObject({ exitCode: 0, stdout: "[Stopped process 'api']\n" });
  expect(box.processes()).toEqual([]);
  expect((await box.candle(['start', 'api', '--bg'])).exitCode).toBe(0);
  expect((await box.candle(['logs', 'api'])).stdout).toContain('begun');
});

test('if a file has the path of the runs directory, start fails and reports that path', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'web']);
  writeFileSync(join(box.stateDir, 'runs'), 'mine');
  const { code, message } = await refusal(inSandbox(box), ['start', 'api']);
  expect(code).toBe('SERVICE_NOT_SPAWNED');
  expect(message).toContain(join(box.stateDir, 'runs'));
  expect(box.processes()).toEqual([]);
});

test('if the state directory is deleted while a service runs, the service is stopped and commands create a new directory', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'web']);
  await box.candle(['start', 'api', '--bg']);
  await awaitSupervisor(box);
  // The supervisor may create a file there meanwhile, such as the journal of a write.
  rmSync(box.stateDir, { recursive: true, maxRetries: 10 });
  for (const line of commandLines) {
    const { exitCode, stderr } = await box.candle(line);
    expect({ line, exitCode, stderr }).toEqual({
      line,
      exitCode: 0,
      stderr: line[0] === 'logs' ? expect.any(String) : '',
    });
  }
  expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(0);
  // Only the supervisor still knows the service.
  await until('the service has stopped', () => box.processes().length === 0);
});

test('only old temporary files of a new database are deleted, because other processes may still use recent ones', async () => {
  const box = sandbox({ config });
  mkdirSync(box.stateDir);
  const files = { old: ['state.db.new-1-1', 'state.db.new-1-1-wal'], recent: ['state.db.new-2-2'] };
  for (const name of [...files.old, ...files.recent]) writeFileSync(join(box.stateDir, name), 'half');
  for (const name of files.old) utimesSync(join(box.stateDir, name), 0, 0);
  expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(0);
  expect(readdirSync(box.stateDir).toSorted()).toEqual([
    'state.db',
    'state.db-journal',
    'state.db.commit',
    'state.db.last',
    ...files.recent,
  ]);
});
