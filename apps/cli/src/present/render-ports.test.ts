import { expect, test } from 'vitest';
import { renderPorts } from './render-ports.ts';

const api = { serviceName: 'api', projectDir: '/p', port: 4000, pid: 4711, command: 'node', isReserved: true };

test('a row a service and port, all of its addresses in it', () => {
  const ports = [
    { ...api, addresses: ['127.0.0.1', '::1'] },
    { ...api, port: 24678, addresses: ['0.0.0.0'], isReserved: false },
  ];
  expect(renderPorts(ports, { all: false })).toMatchInlineSnapshot(`
    "NAME  PORT   ADDRESS         PID   COMMAND  RESERVED
    api   4000   127.0.0.1, ::1  4711  node     yes
    api   24678  0.0.0.0         4711  node     no"
  `);
  expect(renderPorts(ports.slice(1), { all: true })).toMatchInlineSnapshot(`
    "NAME  PORT   ADDRESS  PID   COMMAND  RESERVED  PROJECT
    api   24678  0.0.0.0  4711  node     no        /p"
  `);
});

test('no port is said in a sentence', () => {
  expect(renderPorts([], { all: true })).toBe('No service listens on a port');
});
