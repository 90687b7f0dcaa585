import type { StartedService } from '@candle/supervisor';
import { expect, test } from 'vitest';
import { UpTable } from './up-table.ts';

const done = (result: StartedService | Error) => ({ kind: 'done', result }) as Parameters<UpTable['note']>[1];

function planned() {
  let nowMs = 0;
  const table = new UpTable(() => nowMs);
  const projectDir = '/home/ada/shop';
  table.plan([
    { name: 'api', projectDir, url: 'http://localhost:4000' },
    { name: 'worker', projectDir, url: undefined },
  ]);
  return {
    table,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('shows what happens to each service, and how long it takes', () => {
  const { table, pass } = planned();
  table.note('api', { kind: 'starting' });
  pass(1_250);
  expect(table.render()).toBe(
    'NAME    STATE     TIME  URL\napi     starting  1.3s  http://localhost:4000\nworker  waiting   -     -',
  );
  table.note('api', done({} as StartedService));
  table.note('worker', { kind: 'starting' });
  pass(75_000);
  table.note('worker', done(new Error('no')));
  expect(table.render()).toBe(
    'NAME    STATE   TIME    URL\napi     ready   1.3s    http://localhost:4000\nworker  failed  1m 15s  -',
  );
});

test('a service that was not started has not failed', () => {
  const { table } = planned();
  const error = Object.assign(new Error('no'), { code: 'SERVICE_DEPENDENCY_FAILED' });
  table.note('api', done(error));
  expect(table.render()).toMatch(/^api +not started +-/m);
  type Service = Parameters<UpTable['finish']>[0][number];
  table.finish([{ name: 'api', state: 'failed', changed: [], url: null, error } as unknown as Service]);
  expect(table.render()).toMatch(/^api +not started +-/m);
});

test('shows in the end what was done and what had changed', () => {
  const { table } = planned();
  for (const name of ['api', 'worker']) table.note(name, { kind: 'starting' });
  type Service = Parameters<UpTable['finish']>[0][number];
  table.finish([
    { name: 'api', state: 'restarted', changed: ['env', 'port'], url: 'http://localhost:4001' } as unknown as Service,
    { name: 'worker', state: 'kept', changed: [], url: null } as unknown as Service,
  ]);
  expect(table.render()).toBe(
    [
      'NAME    STATE                          TIME  URL',
      'api     restarted (env, port changed)  0.0s  http://localhost:4001',
      'worker  unchanged                      -     -',
    ].join('\n'),
  );
});
