import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCandle } from '@candle/core/candle';
import { noPendingRestart } from '@candle/core/services';
import { expect, onTestFinished, test } from 'vitest';
import { runRow } from '../../../core/test/run-fixture.ts';
import { type Supervision, superviseWith } from '../supervision.ts';
import { kill } from './kill.ts';

const key = { projectDir: '/project', name: 'api' };

async function temporarySupervision(): Promise<Supervision> {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-kill-'));
  const candle = openCandle(stateDir);
  onTestFinished(() => {
    candle.store.close();
    rmSync(stateDir, { recursive: true });
  });
  return superviseWith(candle, { callerEnv: {} });
}

test('a run that ends just before kill requests its stop is not restarted by its policy', async () => {
  const supervision = await temporarySupervision();
  const { store } = supervision;
  // The process that requested the start no longer exists.
  const owner = { pid: 999_999_999, startToken: '1' };
  const generation = await store.services.request({ ...key, verb: 'start', owner });
  const run = runRow({ id: 'm1-0123456789ab', projectDir: key.projectDir, serviceName: key.name, generation });
  await store.runs.insert(run);
  const end = { kind: 'ended', endedAtMs: 2_000, exitCode: 1, exitSignal: null, endReason: 'exited' } as const;
  const services: typeof store.services = {
    ...store.services,
    requestKills: async (...args) => {
      await store.runs.end(run.id, end, { ...noPendingRestart, attempts: 1, nextRestartAtMs: 3_000 });
      return store.services.requestKills(...args);
    },
  };
  const orInMemory = async () => ({ ...store, services, refusal: () => undefined, close: () => undefined });
  const { done } = await kill({ ...supervision, store: { ...store, orInMemory } }, { names: [] });
  expect(done).toMatchObject([{ isRestartCancelled: true }]);
  expect(await store.services.find(key)).toMatchObject({ desired: 'down', pendingRestart: noPendingRestart });
});
