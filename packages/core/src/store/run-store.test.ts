import { expect, onTestFinished, test } from 'vitest';
import { runRow } from '../../test/run-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { openStore } from './open-store.ts';

const run = (id: string, overrides: { generation: number; startedAtMs: number }) => runRow({ id, ...overrides });

test('the newest run is the one that was requested last, even if the clock has jumped back', async () => {
  const store = openStore(temporaryDirectory());
  onTestFinished(() => store.close());
  await store.runs.insert(run('first', { generation: 1, startedAtMs: 2_000 }));
  const end = { endedAtMs: 3_000, exitCode: 0, exitSignal: null, endReason: 'exited' } as const;
  await store.runs.end(run('first', { generation: 1, startedAtMs: 2_000 }), 'exited', end);
  await store.runs.insert(run('second', { generation: 2, startedAtMs: 1_000 }));
  expect((await store.runs.listLatest('/project')).map(({ id }) => id)).toEqual(['second']);
  expect((await store.runs.listOfService('/project', 'api')).map(({ id }) => id)).toEqual(['first', 'second']);
});

test('only the first end and the first confirmation of a run count', async () => {
  const store = openStore(temporaryDirectory());
  onTestFinished(() => store.close());
  const row = run('first', { generation: 1, startedAtMs: 1_000 });
  await store.runs.insert(row);
  expect(await store.runs.confirm('first', 1_500)).toBe(true);
  expect(await store.runs.confirm('first', 1_600)).toBe(false);
  const end = { endedAtMs: 3_000, exitCode: 0, exitSignal: null, endReason: 'exited' } as const;
  expect(await store.runs.end(row, 'exited', end)).toBe(true);
  expect(await store.runs.end(row, 'lost', { ...end, endReason: 'lost' })).toBe(false);
  expect(await store.runs.confirm('first', 1_700)).toBe(false);
  expect(await store.runs.find('first')).toMatchObject({ status: 'exited', endReason: 'exited' });
});

test('a service has at most one active run', async () => {
  const store = openStore(temporaryDirectory());
  onTestFinished(() => store.close());
  await store.runs.insert(run('first', { generation: 1, startedAtMs: 1_000 }));
  await expect(store.runs.insert(run('second', { generation: 2, startedAtMs: 2_000 }))).rejects.toThrow('UNIQUE');
});
