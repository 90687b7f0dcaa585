import { advise, candle, program, renderHint } from '@candle/core/errors';
import { describe, expect, test } from 'vitest';
import type { PortReport, ReservationDetails } from '../../ports/port-report.ts';
import type { CommandClues } from './framework-fix.ts';
import { adviseOnTakenPort, findTakenPort, type TakenPort } from './taken-port.ts';

const clues: CommandClues = {
  serviceName: 'web',
  definition: { isTransient: false },
  shell: 'node server.js',
  script: undefined,
  commandLines: [],
  variables: [],
};

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

describe('a program that could not listen because its port is in use', () => {
  const reservation = (serviceName: string, projectDir = '/shop'): ReservationDetails => ({
    ...{ port: 4000, projectDir, serviceName, ownerName: serviceName, reservedAtMs: 0, status: null },
    ...{ isServiceAlive: false, canStart: true, isDirectoryGone: false, branch: null },
  });
  const report: PortReport = {
    ...{ port: 4000, owners: [], containers: [], reservation: null },
    advice: [advise('to end node (pid 815)', program('kill', '815'))],
  };
  const advice = (changes: Partial<TakenPort>) =>
    renderHint(adviseOnTakenPort({ clues, projectDir: '/shop', reserved: 4000, report, ...changes }));

  test('without a reservation: reserve one', () => {
    expect(advice({ reserved: null })).toBe('To reserve a port for it: candle reserve-port web && candle start web');
  });

  test.each(['web', 'web.HMR_PORT'])('on the port that is reserved as %s: move', (name) => {
    const own = { ...report, reservation: reservation(name) };
    expect(advice({ report: own })).toBe('To take another port for it: candle start web --move');
    const inUp = { ...clues, startVerb: 'up' } as const;
    expect(advice({ report: own, clues: inUp })).toBe('To take another port for it: candle up web --move');
  });

  test('on a strict port, which cannot move: end the owner', () => {
    const own = { ...report, reservation: reservation('web') };
    const definition = { isTransient: false, port: { kind: 'strict', port: 4000 } as const };
    const strict = advice({ report: own, clues: { ...clues, definition } });
    expect(strict).toBe('To end node (pid 815): kill 815 && candle start web');
  });

  test('on a port other than the reserved one: pass the reserved one, or else end the owner', () => {
    const vite = { ...clues, shell: 'vite' };
    expect(advice({ reserved: 4001, clues: vite })).toBe(
      'Vite does not read PORT: "shell": "vite --port $PORT --strictPort"\nThen start it again: candle start web',
    );
  });

  const unread = (port: number) =>
    `PORT is 4001, so ${port} is set in its code or configuration: make it read PORT, or set "portEnv" to the variable that it reads\n`;
  const inCode = { reserved: 4001, clues: { ...clues, variables: ['PORT'] } };

  test('set in the code of the program: read PORT, or end the owner', () => {
    expect(advice(inCode)).toBe(`${unread(4000)}To end node (pid 815): kill 815 && candle start web`);
    const stop = advise("to stop service 'api'", candle('kill', 'api'));
    const owned = { ...report, reservation: reservation('web', '/blog'), advice: [stop] };
    expect(advice({ ...inCode, report: owned })).toBe(
      `${unread(4000)}To stop service 'api': candle kill api && candle start web`,
    );
  });

  test('set in a variable: the portEnv to write', () => {
    expect(advice({ ...inCode, holder: { variable: 'API_PORT', port: 4000, place: 'line 1 of .env' } })).toBe(
      'API_PORT is 4000 in line 1 of .env: "portEnv": ["PORT", "API_PORT"]\nThen start it again: candle start web',
    );
    expect(advice({ ...inCode, holder: { variable: 'PORT', port: 4000, place: 'its command' } })).toMatch(
      /^PORT is 4000, not 4001: it is set in its command\. Remove that, or .*\nThen start it again/,
    );
  });

  test.each([
    ['env -i node server.js', /^env -i does not pass PORT on: /],
    ['unset PORT; node server.js', /^Its command unsets PORT: /],
    ['sudo node server.js', /^sudo does not pass PORT on: /],
    ['sudo -E node server.js', /^PORT is 4001, so /],
  ])('with %s: what drops PORT', (shell, expected) => {
    expect(advice({ ...inCode, clues: { ...inCode.clues, shell } })).toMatch(expected);
  });

  test('of a debugger: only end the owner', () => {
    expect(advice({ ...inCode, report: { ...report, port: 9229 } })).toMatch(/^To end node/);
  });
});
