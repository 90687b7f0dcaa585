import { expect, test } from 'vitest';
import { renderPortTable } from './render-ports.ts';

const api = { serviceName: 'api', projectDir: '/p', port: 4000, pid: 4711, command: 'node', isReserved: true };

test('each service and port has one row with all addresses', () => {
  const ports = [
    { ...api, addresses: ['127.0.0.1', '::1'] },
    { ...api, port: 24678, addresses: ['0.0.0.0'], isReserved: false },
  ];
  expect(renderPortTable(ports, { all: false })).toMatchInlineSnapshot(`
    "NAME  PORT   ADDRESS         PID   COMMAND  RESERVED
    api   4000   127.0.0.1, ::1  4711  node     yes
    api   24678  0.0.0.0         4711  node     no"
  `);
  expect(renderPortTable(ports.slice(1), { all: true })).toMatchInlineSnapshot(`
    "NAME  PORT   ADDRESS  PID   COMMAND  RESERVED  PROJECT
    api   24678  0.0.0.0  4711  node     no        /p"
  `);
});

test('an empty list is reported as a sentence', () => {
  expect(renderPortTable([], { all: true })).toBe('No service listens on a port');
});
