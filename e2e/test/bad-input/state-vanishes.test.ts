import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { awaitSupervisor } from '../supervisor-of.ts';
import { inSandbox, refusal } from './refusal.ts';

const config = { services: [{ name: 'api', shell: 'echo begun; exec sleep 600' }] };

const everything = [['ps'], ['list'], ['logs'], ['list-reserved-ports', '--all'], ['kill-all'], ['ps', '--all']];

test('without its run directory a running service is still shown, and stopped with all that belongs to it', async () => {
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

test('a file in the place of the run directories makes a start fail with its name', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'web']);
  writeFileSync(join(box.stateDir, 'runs'), 'mine');
  const { code, message } = await refusal(inSandbox(box), ['start', 'api']);
  expect(code).toBe('SERVICE_NOT_SPAWNED');
  expect(message).toContain(join(box.stateDir, 'runs'));
  expect(box.processes()).toEqual([]);
});

test('when the whole state directory is removed under a running service, the service ends and candle begins anew', async () => {
  const box = sandbox({ config });
  await box.candle(['reserve-port', 'web']);
  await box.candle(['start', 'api', '--bg']);
  await awaitSupervisor(box);
  rmSync(box.stateDir, { recursive: true });
  for (const line of everything) {
    const { exitCode, stderr } = await box.candle(line);
    expect({ line, exitCode, stderr }).toEqual({
      line,
      exitCode: 0,
      stderr: line[0] === 'logs' ? expect.any(String) : '',
    });
  }
  expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(0);
  // Nothing but the supervisor knows it any more.
  await until('it is gone', () => box.processes().length === 0);
});

test('what processes that were killed left of a new ledger goes when it is old, as others may still be at work', async () => {
  const box = sandbox({ config });
  mkdirSync(box.stateDir);
  const left = { old: ['state.db.new-1-1', 'state.db.new-1-1-wal'], young: ['state.db.new-2-2'] };
  for (const name of [...left.old, ...left.young]) writeFileSync(join(box.stateDir, name), 'half');
  for (const name of left.old) utimesSync(join(box.stateDir, name), 0, 0);
  expect((await box.candle(['reserve-port', 'web'])).exitCode).toBe(0);
  expect(readdirSync(box.stateDir).toSorted()).toEqual(['state.db', ...left.young]);
});
