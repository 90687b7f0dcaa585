import { noComeback } from '@candle/core';
import type { ListedService } from '@candle/supervisor';
import { expect, test } from 'vitest';
import { renderServiceList, renderServiceTable } from './render-services.ts';

const api: ListedService = {
  name: 'api',
  projectDir: '/p',
  status: 'ready',
  isAlive: true,
  isReady: true,
  exitCode: null,
  exitSignal: null,
  pid: 4711,
  runId: 'r1',
  startedAtMs: 1_000,
  endedAtMs: null,
  port: 4000,
  shell: 'npm run dev',
  root: '/p/apps/api',
  isTransient: false,
  configChanged: true,
  comeback: noComeback,
};
const crashed: ListedService = {
  ...api,
  name: 'worker with a long name',
  status: 'exited',
  isAlive: false,
  isReady: null,
  exitCode: 3,
  pid: null,
  port: null,
  configChanged: false,
};

test('ps is a table whose columns line up', () => {
  expect(
    renderServiceTable([api, { ...api, name: 'jobs', isReady: false, configChanged: false }, crashed], 66_000, {
      all: false,
    }),
  ).toMatchInlineSnapshot(`
    "NAME                     STATUS                    READY  PID   UPTIME  PORT
    api                      RUNNING [config changed]  yes    4711  1m 5s   4000
    jobs                     RUNNING                   no     4711  1m 5s   4000
    worker with a long name  EXITED (3)                -      -     -       -"
  `);
});

test('list shows the full command and directory, and the project when all are listed', () => {
  expect(renderServiceList([api], 66_000, { all: true })).toMatchInlineSnapshot(`
    "api
      Status:    RUNNING [config changed]
      Ready:     yes
      PID:       4711
      Uptime:    1m 5s
      Port:      4000
      Command:   npm run dev
      Directory: /p/apps/api
      Project:   /p"
  `);
});
