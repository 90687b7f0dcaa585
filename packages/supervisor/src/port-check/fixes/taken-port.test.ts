import { expect, test } from 'vitest';
import { findTakenPort } from './taken-port.ts';

test.each([
  ['Node', ['Error: listen EADDRINUSE: address already in use :::5173', '    at Server.setupListenHandle'], 5173],
  ['Node on one address', ['Error: listen EADDRINUSE: address already in use 127.0.0.1:3000'], 3000],
  ['Node, last lines only', ["  code: 'EADDRINUSE',", '  errno: -98,', "  address: '::',", '  port: 4321', '}'], 4321],
  ['Vite', ['error when starting dev server:', 'Error: Port 5173 is already in use'], 5173],
  ['Next.js', [' ⨯ Failed to start server', 'Error: listen EADDRINUSE: address already in use :::3000'], 3000],
  ['Angular', ["Port 4200 is already in use. Use '--port' to specify a different port."], 4200],
  ['Flask', ['Address already in use', 'Port 5000 is in use by another program.'], 5000],
  [
    'uvicorn',
    ["[Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use"],
    8000,
  ],
  ['Go', ['listen tcp :8080: bind: address already in use'], 8080],
  ['Puma', ['Address already in use - bind(2) for "127.0.0.1" port 3000 (Errno::EADDRINUSE)'], 3000],
  ['Spring Boot', ['Web server failed to start. Port 8080 was already in use.'], 8080],
  ['nginx', ['bind() to 0.0.0.0:8081 failed (98: Address already in use)'], 8081],
  ['PHP', ['Failed to listen on localhost:8000 (reason: Address already in use)'], 8000],
  ['Docker', ['Bind for 0.0.0.0:5432 failed: port is already allocated'], 5432],
])('finds the port in the error of %s', (_, lines, port) => {
  expect(findTakenPort(lines)).toBe(port);
});

test.each([
  ['the error contains no port', ['OSError: [Errno 98] Address already in use']],
  ['the output is about something else', ['listening on :3000', 'Error: no such table: users']],
  ['there is no output', []],
  ['the number is not a valid port', ['Error: address already in use :99999']],
])('finds no port if %s', (_, lines) => {
  expect(findTakenPort(lines)).toBeUndefined();
});
