import { readdirSync, readFileSync } from 'node:fs';
import { getTableColumns } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { runRow } from '../../test/run-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { applyEvent, newRunState, type RunEvent, runStatuses } from '../runs/run-status.ts';
import { columns } from './columns.ts';
import { openDatabase, openStore } from './open-store.ts';
import { runs, services } from './schema.ts';

const run = (id: string, overrides: { generation: number; startedAtMs: number }) => runRow({ id, ...overrides });

const end = { kind: 'ended', endedAtMs: 3_000, exitCode: 0, exitSignal: null, endReason: 'exited' } as const;

test('the newest run is the one that was requested last, even if the clock has jumped back', async () => {
  const store = openStore(temporaryDirectory());
  onTestFinished(() => store.close());
  await store.runs.insert(run('first', { generation: 1, startedAtMs: 2_000 }));
  await store.runs.end('first', end);
  await store.runs.insert(run('second', { generation: 2, startedAtMs: 1_000 }));
  expect((await store.runs.listLatest('/project')).map(({ id }) => id)).toEqual(['second']);
  expect((await store.runs.listOfService('/project', 'api')).map(({ id }) => id)).toEqual(['first', 'second']);
});

test('only the first end and the first confirmation of a run count', async () => {
  const store = openStore(temporaryDirectory());
  onTestFinished(() => store.close());
  await store.runs.insert(run('first', { generation: 1, startedAtMs: 1_000 }));
  expect(await store.runs.confirm('first', 1_500)).toBe(true);
  expect(await store.runs.confirm('first', 1_600)).toBe(false);
  expect(await store.runs.end('first', end)).toMatchObject({ status: 'exited', endReason: 'exited' });
  expect(await store.runs.end('first', { ...end, kind: 'vanished', endReason: 'lost' })).toBeUndefined();
  expect(await store.runs.confirm('first', 1_700)).toBe(false);
  expect(await store.runs.find('first')).toMatchObject({ status: 'exited', endReason: 'exited' });
});

test('a service has at most one active run', async () => {
  const store = openStore(temporaryDirectory());
  onTestFinished(() => store.close());
  await store.runs.insert(run('first', { generation: 1, startedAtMs: 1_000 }));
  expect(await store.runs.insert(run('second', { generation: 2, startedAtMs: 2_000 }))).toMatchObject({ id: 'first' });
  expect((await store.runs.listActive()).map(({ id }) => id)).toEqual(['first']);
});

test('a run begins as recorded before its start, and each event changes its row like the run itself', async () => {
  const store = openStore(temporaryDirectory());
  onTestFinished(() => store.close());
  const changes = fc.constantFrom<RunEvent>(
    { kind: 'spawned', shim: { pid: 7, startToken: '1' } },
    { kind: 'served' },
    { kind: 'stopAsked' },
    { kind: 'left' },
    { kind: 'leftAlone' },
    end,
    { ...end, kind: 'startFailed' },
    { ...end, kind: 'vanished', exitCode: null, endReason: 'lost' },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(changes), async (events) => {
      let expected = { ...run('any', { generation: 1, startedAtMs: 1_000 }), ...newRunState };
      await store.runs.insert(expected);
      for (const event of events) {
        const before = expected;
        expected = applyEvent(before, event);
        expect(await store.runs.apply('any', event)).toEqual(expected === before ? undefined : expected);
      }
      expect(await store.runs.find('any')).toEqual(expected);
      await store.runs.forget('any');
    }),
    { numRuns: 20 },
  );
});

test('a confirmation does not revive a stop that has begun', async () => {
  const store = openStore(temporaryDirectory());
  onTestFinished(() => store.close());
  await store.runs.insert(run('first', { generation: 1, startedAtMs: 1_000 }));
  await store.runs.apply('first', { kind: 'stopAsked' });
  expect(await store.runs.confirm('first', 1_500, { kind: 'served' })).toBe(true);
  expect(await store.runs.find('first')).toMatchObject({ status: 'stopping', confirmedAtMs: 1_500 });
});

test('only run-store.ts changes rows of runs, and only run-status.ts chooses a status', () => {
  const src = new URL('../', import.meta.url);
  const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  const matching = (pattern: RegExp) =>
    sources.filter((name) => pattern.test(readFileSync(new URL(name, src), 'utf8')));
  expect(matching(/\.update\(runs\)/)).toEqual(['store/run-store.ts']);
  const anyStatus = runStatuses.join('|');
  expect(matching(new RegExp(`\\bstatus(:| =) .*'(${anyStatus})'`))).toEqual(['runs/run-status.ts']);
});

test.each([
  ['runs', runs],
  ['services', services],
] as const)('prepared SQL returns the rows of %s that drizzle returns', async (name, table) => {
  const database = openDatabase(temporaryDirectory());
  onTestFinished(() => database.close());
  const values = Object.entries(getTableColumns(table)).map(([key, { dataType, notNull }]) => {
    const value: fc.Arbitrary<unknown> = dataType === 'number' ? fc.nat() : fc.string();
    return [key, notNull ? value : fc.option(value)] as const;
  });
  await fc.assert(
    fc.asyncProperty(fc.record(Object.fromEntries(values)), async (row) => {
      await database.write(({ orm }) => {
        orm.delete(table).run();
        orm
          .insert(table)
          .values(row as never)
          .run();
      });
      const read = database.read((access) => access.list(`SELECT ${columns[name]} FROM ${name}`));
      expect(await read).toEqual(await database.read(({ orm }) => orm.select().from(table).all()));
      expect(await read).toEqual([row]);
    }),
    { numRuns: 50 },
  );
});
