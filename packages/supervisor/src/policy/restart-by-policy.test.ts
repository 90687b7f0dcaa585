import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCandle } from '@candle/core/candle';
import { noRestart } from '@candle/core/config';
import { applyRestartEvent, noPendingRestart } from '@candle/core/services';
import { expect, onTestFinished, test } from 'vitest';
import { runRow } from '../../../core/test/run-fixture.ts';
import { waitFor } from '../../test/stop/wait-for.ts';
import { superviseWith } from '../supervision.ts';
import { momentOf } from './next-restart.ts';
import { PendingRestarts } from './restart-by-policy.ts';

const key = { projectDir: '/project', name: 'api' };
const hourMs = 3_600_000;

test.each([
  ['back', -hourMs],
  ['forward', hourMs],
])('a restart is due at the same moment after the wall clock jumps %s', async (_, jumpMs) => {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-restart-'));
  const shift = { wallMs: 0, passedMs: 0 };
  const began = { nowMs: Date.now(), monotonicMs: 10_000 };
  const clock = {
    nowMs: () => began.nowMs + shift.passedMs + shift.wallMs,
    monotonicMs: () => began.monotonicMs + shift.passedMs,
  };
  const candle = openCandle(stateDir, { clock });
  onTestFinished(() => {
    candle.store.close();
    rmSync(stateDir, { recursive: true });
  });
  const supervision = await superviseWith(candle, { callerEnv: {} });
  const { store, self } = supervision;
  const generation = await store.services.request({ ...key, verb: 'start', owner: self });
  const bootId = supervision.processes.bootId();
  const run = runRow({ id: 'm1-0123456789ab', projectDir: key.projectDir, serviceName: key.name, generation, bootId });
  await store.runs.insert(run);
  const policy = { ...noRestart, policy: 'always', delayMs: 6_000, maxDelayMs: 6_000 } as const;
  const ended = { kind: 'runEnded', exitCode: 3, livedMs: 2_000, policy, random: 0.5 } as const;
  const pending = applyRestartEvent(noPendingRestart, { ...ended, ...momentOf(supervision) });
  const end = { kind: 'ended', endedAtMs: clock.nowMs(), exitCode: 3, exitSignal: null, endReason: 'exited' } as const;
  await store.runs.end(run.id, end, pending);

  shift.wallMs = jumpMs;
  let isOver = false;
  const onOver = () => {
    isOver = true;
  };
  const restarts = new PendingRestarts(supervision, { onOver, onFailed: onOver });
  expect(await restarts.restartDue()).toBe(16_000);
  shift.passedMs = 5_999;
  expect(await restarts.restartDue()).toBe(5_999 + 10_000 + 250);
  expect((await store.services.find(key))?.pendingRestart).toMatchObject({ attempts: 1 });
  shift.passedMs = 6_000;
  await restarts.restartDue();
  // The run has no files here, so the attempt ends the restart.
  await waitFor('the restart is attempted', () => isOver);
  expect((await store.services.find(key))?.pendingRestart).toEqual(noPendingRestart);
});
