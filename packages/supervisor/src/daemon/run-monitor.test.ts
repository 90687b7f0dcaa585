import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCandle } from '@candle/core/candle';
import { listSegments } from '@candle/core/logs';
import { runDir } from '@candle/core/runs';
import { expect, onTestFinished, test } from 'vitest';
import { runRow } from '../../../core/test/run-fixture.ts';
import { waitFor } from '../../test/stop/wait-for.ts';
import { superviseWith } from '../supervision.ts';
import { RequestedStops } from './requested-stops.ts';
import { RunMonitor } from './run-monitor.ts';

test('a run whose output cannot be copied is tried again after a pause, and reported once', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-monitor-'));
  const candle = openCandle(stateDir);
  let attempts = 0;
  const clock = {
    nowMs: () => {
      attempts++;
      return Date.now();
    },
    monotonicMs: () => performance.now(),
  };
  const supervision = { ...(await superviseWith(candle, { callerEnv: {} })), clock };
  const run = runRow({ id: 'm1-0123456789ab', status: 'ready' });
  await supervision.store.runs.insert(run);
  const dir = runDir(stateDir, run.id);
  mkdirSync(dir.path, { recursive: true });
  execFileSync('mkfifo', [dir.exitPipe]);
  // The shim holds the pipe open for as long as it lives.
  const shim = openSync(dir.exitPipe, 'r+');
  writeFileSync(dir.spool, 'listening\n');
  symlinkSync('nowhere', dir.log);

  const failures: unknown[] = [];
  const monitor: RunMonitor = new RunMonitor(supervision, {
    onOver: () => void monitor.adopt(),
    onFailed: (error) => failures.push(error),
    onUnfreed: () => undefined,
    requestedStops: new RequestedStops(supervision),
  });
  onTestFinished(async () => {
    await monitor.close();
    closeSync(shim);
    candle.store.close();
    rmSync(stateDir, { recursive: true });
  });
  const beganAtMs = performance.now();
  await monitor.adopt();
  await waitFor('it is tried again', () => attempts >= 2);
  expect(performance.now() - beganAtMs).toBeGreaterThan(900);
  expect(failures).toEqual([expect.objectContaining({ code: 'EEXIST' })]);
  rmSync(dir.log);
  await waitFor('the output is copied', () =>
    listSegments(dir).some(({ path }) => readFileSync(path, 'utf8') === 'listening\n'),
  );
  expect(failures).toHaveLength(1);
});
