import { noPendingRestart } from '@candle/core/services';
import type { ListedService } from '@candle/supervisor';
import { expect, test } from 'vitest';
import { plainStyle } from './format.ts';
import { renderServiceList, renderServiceTable } from './services.ts';

const style = { all: false, ...plainStyle };

const api: ListedService = {
  name: 'api',
  projectDir: '/p',
  status: 'ready',
  isAlive: true,
  isReady: true,
  lostReadiness: null,
  exitCode: null,
  exitSignal: null,
  explanation: undefined,
  undoneReason: null,
  pid: 4711,
  runId: 'r1',
  startedAtMs: 1_000,
  endedAtMs: null,
  port: 4000,
  portCheck: null,
  isPipedInstead: false,
  url: 'http://localhost:4000',
  browserUrl: 'http://api.main.shop.localhost:4000',
  shell: 'npm run dev',
  root: '/p/apps/api',
  isTransient: false,
  configChanged: true,
  isConfigured: true,
  pendingRestart: noPendingRestart,
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
  url: undefined,
  browserUrl: undefined,
  configChanged: false,
};

const broken: Extract<ListedService['portCheck'], { port: number }> = {
  ...{ port: 4000, status: 'not-listening', listensOn: [], owner: null, isFine: false, fix: 'A fix' },
};
const owner = {
  ...{
    port: 4000,
    addresses: ['::'],
    pid: 12,
    command: 'no\u001bde',
    commandLine: 'node',
    cwd: null,
    isCwdGone: false,
  },
  ...{ startedAtMs: null, uid: 1000, user: 'ada', isWorker: false, service: null },
};

test.each<[Partial<typeof broken>, string, string]>([
  [{ status: 'ok', isFine: true }, '4000', '4000'],
  [{ status: 'not-listening', isFine: true }, '4000', '4000'],
  [{}, '4000 (does not listen on any port yet)', '4000 (not listening)'],
  [{ listensOn: [9229] }, '4000 (does not listen on it yet)', '4000 (not listening)'],
  [{ status: 'wrong-port', listensOn: [5173, 5174] }, '4000 (listens on 5173, 5174 instead)', '4000 (on 5173, 5174)'],
  [{ status: 'conflict', owner }, '4000 (in use by another process: no\\u001bde, pid 12)', '4000 (conflict)'],
  [
    { status: 'conflict', owner: { ...owner, pid: null } },
    '4000 (in use by another process: a program of user ada)',
    '4000 (conflict)',
  ],
  [{ status: 'conflict', listensOn: [4000] }, '4000 (also in use by another process)', '4000 (conflict)'],
])('the port is followed by the result of the port check: %o', (facts, inList, inTable) => {
  const services = [{ ...api, portCheck: { ...broken, ...facts } }];
  expect(/Port: +(.*)/.exec(renderServiceList(services, 66_000, style))?.[1]).toBe(inList);
  expect(renderServiceTable(services, 66_000, style)).toMatch(
    new RegExp(` ${inTable.replaceAll(/[()]/g, '\\$&')} +http://localhost:4000$`),
  );
});

test('a port that is not reserved is shown as such', () => {
  const portCheck: ListedService['portCheck'] = {
    ...{ ...broken, port: null, status: 'unreserved', listensOn: [5173], owner: null },
  };
  const services = [{ ...api, port: null, portCheck, url: 'http://localhost:5173' }];
  expect(renderServiceList(services, 66_000, style)).toContain('Port:      5173 (not reserved)');
  expect(renderServiceTable(services, 66_000, style)).toMatch(/ 5173 \(not reserved\) +http:\/\/localhost:5173$/);
});

test('ps is a table with aligned columns', () => {
  expect(
    renderServiceTable([api, { ...api, name: 'jobs', isReady: false, configChanged: false }, crashed], 66_000, style),
  ).toMatchInlineSnapshot(`
    "NAME                     STATUS                    READY  PID   UPTIME  PORT  URL
    api                      RUNNING [config changed]  yes    4711  1m 5s   4000  http://localhost:4000
    jobs                     RUNNING                   no     4711  1m 5s   4000  http://localhost:4000
    worker with a long name  EXITED (3)                -      -     -       -     -"
  `);
});

test('list shows the full command and directory, and the project with --all', () => {
  expect(renderServiceList([api], 66_000, { ...style, all: true })).toMatchInlineSnapshot(`
    "api
      Status:    RUNNING [config changed]
      Ready:     yes
      PID:       4711
      Uptime:    1m 5s
      Port:      4000
      URL:       http://localhost:4000
      Command:   npm run dev
      Directory: /p/apps/api
      Project:   /p"
  `);
});

test('a service that is not ready any more is shown with the time and the reason, without control characters', () => {
  const lostReadiness = { sinceMs: new Date(2026, 0, 2, 15, 4, 5).getTime(), reason: '/\u001b[2J responds with 503' };
  const services = [{ ...api, configChanged: false, isReady: false, lostReadiness }];
  const note = 'RUNNING [not ready since 1/2/2026, 3:04:05 PM: /\\u001b[2J responds with 503]';
  expect(renderServiceTable(services, 66_000, style)).toContain(`${note}  no `);
  expect(renderServiceList(services, 66_000, style)).toContain(note);
});
