import type { PortOwner } from '@candle/supervisor';
import { expect, test } from 'vitest';
import { plainStyle } from './format.ts';
import { renderPortTable, renderReservedPorts } from './port-lists.ts';

const api = {
  serviceName: 'api',
  projectDir: '/p',
  port: 4000,
  pid: 4711,
  command: 'node',
  isReserved: true,
  isOwn: true,
};

test('each service and port has one row with all addresses', () => {
  const ports = [
    { ...api, addresses: ['127.0.0.1', '::1'] },
    { ...api, port: 24678, addresses: ['0.0.0.0'], isReserved: false, isOwn: false },
  ];
  expect(renderPortTable(ports, { all: false, ...plainStyle })).toMatchInlineSnapshot(`
    "NAME  PORT   ADDRESS         PID   COMMAND  RESERVED
    api   4000   127.0.0.1, ::1  4711  node     yes
    api   24678  0.0.0.0         4711  node     no"
  `);
  expect(renderPortTable(ports.slice(1), { all: true, ...plainStyle })).toMatchInlineSnapshot(`
    "NAME  PORT   ADDRESS  PID   COMMAND  RESERVED  PROJECT
    api   24678  0.0.0.0  4711  node     no        /p"
  `);
});

test('an empty list is reported as a sentence', () => {
  expect(renderPortTable([], { all: true, ...plainStyle })).toBe('No service listens on a port');
});

const reservation = { projectDir: '/path/to/project', branch: null, isDirectoryGone: false, conflicts: [] };
const at = (hours: number, minutes: number) => new Date(2026, 0, 23, hours, minutes).getTime();

test('reservations are listed in the format of the specification', () => {
  const text = renderReservedPorts(
    [
      { ...reservation, port: 4002, serviceName: null, purpose: 'project', reservedAtMs: at(10, 32) },
      { ...reservation, port: 4000, serviceName: 'api', purpose: 'service', reservedAtMs: at(10, 30) },
    ],
    { all: false },
  );
  expect(text).toMatchInlineSnapshot(`
    "Reserved ports:

      Port 4002 (project-level)
        Project: /path/to/project
        Reserved at: 1/23/2026, 10:32:00 AM

      Port 4000 (service: api)
        Project: /path/to/project
        Reserved at: 1/23/2026, 10:30:00 AM"
  `);
});

test('a port that is not that of a service is labelled with its purpose', () => {
  const reserved = { ...reservation, port: 5432, reservedAtMs: at(10, 30) };
  const text = renderReservedPorts(
    [
      { ...reserved, serviceName: 'db', purpose: 'program' },
      { ...reserved, serviceName: 'web.HMR_PORT', purpose: 'further-port' },
    ],
    { all: false },
  );
  expect(text).toContain('Port 5432 (not started by Candle: db)\n');
  expect(text).toContain('Port 5432 (further port: web.HMR_PORT)\n');
});

test('an empty list is reported as a sentence', () => {
  expect(renderReservedPorts([], { all: false })).toBe('No reserved ports found for current project');
  expect(renderReservedPorts([], { all: true })).toBe('No reserved ports found');
});

test('details that the specification does not have follow those that it has', () => {
  const reserved = {
    ...reservation,
    port: 4000,
    serviceName: 'api',
    purpose: 'service',
    reservedAtMs: at(10, 30),
  } as const;
  const owner: PortOwner = {
    ...{ port: 4000, addresses: ['::'], pid: 4711, command: 'node', commandLine: 'node a\nb.js', isWorker: false },
    ...{ cwd: '/blog', isCwdGone: true, startedAtMs: at(9, 0), uid: 1000, user: 'ada' },
    service: { name: 'web', projectDir: '/blog', branch: 'main', isDirectoryGone: false, runId: 'mb1f' },
  };
  const unknown = {
    ...owner,
    pid: null,
    commandLine: null,
    cwd: null,
    startedAtMs: null,
    user: 'root',
    service: null,
  };
  const text = renderReservedPorts(
    [
      { ...reserved, branch: 'fix\nlogin', conflicts: [owner, unknown, owner, owner] },
      { ...reserved, isDirectoryGone: true },
    ],
    { all: true },
  );
  expect(text).toMatchInlineSnapshot(`
    "Reserved ports:

      Port 4000 (service: api)
        Project: /path/to/project
        Reserved at: 1/23/2026, 10:30:00 AM
        Branch: fix\\u000alogin
        In use by: node a\\u000ab.js (pid 4711), in /blog (deleted), since 1/23/2026, 9:00:00 AM, as user ada, service 'web' of project /blog (branch main)
        In use by: a program of user root
        In use by: node a\\u000ab.js (pid 4711), in /blog (deleted), since 1/23/2026, 9:00:00 AM, as user ada, service 'web' of project /blog (branch main)
        and by 1 more

      Port 4000 (service: api)
        Project: /path/to/project
        Reserved at: 1/23/2026, 10:30:00 AM
        (directory no longer exists)"
  `);
});
