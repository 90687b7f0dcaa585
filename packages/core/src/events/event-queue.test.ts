import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { enqueueEvent, eventsDir, takeEvents } from './event-queue.ts';

const plugins = [{ name: 'candle-plugin-x', root: '/x', hint: '' }];

function enqueue(stateDir: string, port: number, atMs = port): void {
  const event = { kind: 'port-reserved', atMs, projectDir: '/shop', serviceName: null, port } as const;
  enqueueEvent(stateDir, { event, plugins });
}

function portsTaken(stateDir: string, nowMs = 0): (number | null)[] {
  return takeEvents(stateDir, nowMs).map(({ event }) => event.port);
}

test('takes each event once, in the order in which the events happened', () => {
  const stateDir = temporaryDirectory();
  for (const port of [4002, 4000, 4001]) enqueue(stateDir, port);
  expect(takeEvents(stateDir, 0)[0]).toEqual({
    event: { kind: 'port-reserved', atMs: 4000, projectDir: '/shop', serviceName: null, port: 4000 },
    plugins,
  });
  expect(portsTaken(stateDir)).toEqual([]);
});

test('takes events of the same instant in the order in which they were announced', () => {
  const stateDir = temporaryDirectory();
  const ports = Array.from({ length: 12 }, (_, n) => 4000 + n);
  for (const port of ports) enqueue(stateDir, port, 7);
  expect(portsTaken(stateDir)).toEqual(ports);
});

test('drops an event that was not taken within ten minutes', () => {
  const stateDir = temporaryDirectory();
  enqueue(stateDir, 4000, 0);
  enqueue(stateDir, 4001, 60_000);
  expect(portsTaken(stateDir, 600_001)).toEqual([4001]);
  expect(readdirSync(eventsDir(stateDir))).toEqual([]);
});

test('skips a file that is not an event', () => {
  const stateDir = temporaryDirectory();
  enqueue(stateDir, 4000);
  writeFileSync(join(eventsDir(stateDir), '0.event'), '{');
  expect(portsTaken(stateDir)).toEqual([4000]);
});

test('stops adding events to a full queue', () => {
  const stateDir = temporaryDirectory();
  for (let port = 4000; port < 5100; port++) enqueue(stateDir, port);
  expect(portsTaken(stateDir)).toHaveLength(1001);
});

test('does not recreate an erased state directory', () => {
  const stateDir = temporaryDirectory();
  rmSync(stateDir, { recursive: true });
  expect(() => enqueue(stateDir, 4000)).toThrow('ENOENT');
  expect(portsTaken(stateDir)).toEqual([]);
  expect(existsSync(stateDir)).toBe(false);
});
