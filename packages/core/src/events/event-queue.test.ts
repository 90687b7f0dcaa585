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

test('events are taken once, in the order in which they happened', () => {
  const stateDir = temporaryDirectory();
  for (const port of [4002, 4000, 4001]) enqueue(stateDir, port);
  expect(takeEvents(stateDir, 0)[0]).toEqual({
    event: { kind: 'port-reserved', atMs: 4000, projectDir: '/shop', serviceName: null, port: 4000 },
    plugins,
  });
  expect(portsTaken(stateDir)).toEqual([]);
});

test('events of one instant are taken in the order in which they were announced', () => {
  const stateDir = temporaryDirectory();
  const ports = Array.from({ length: 12 }, (_, n) => 4000 + n);
  for (const port of ports) enqueue(stateDir, port, 7);
  expect(portsTaken(stateDir)).toEqual(ports);
});

test('an event that nobody took for more than ten minutes is told to nobody', () => {
  const stateDir = temporaryDirectory();
  enqueue(stateDir, 4000, 0);
  enqueue(stateDir, 4001, 60_000);
  expect(portsTaken(stateDir, 600_001)).toEqual([4001]);
  expect(readdirSync(eventsDir(stateDir))).toEqual([]);
});

test('what is no event is passed over', () => {
  const stateDir = temporaryDirectory();
  enqueue(stateDir, 4000);
  writeFileSync(join(eventsDir(stateDir), '0.event'), '{');
  expect(portsTaken(stateDir)).toEqual([4000]);
});

test('a queue that nobody takes from stops growing', () => {
  const stateDir = temporaryDirectory();
  for (let port = 4000; port < 5100; port++) enqueue(stateDir, port);
  expect(portsTaken(stateDir)).toHaveLength(1001);
});

test('an erased state directory is not made again', () => {
  const stateDir = temporaryDirectory();
  rmSync(stateDir, { recursive: true });
  expect(() => enqueue(stateDir, 4000)).toThrow('ENOENT');
  expect(portsTaken(stateDir)).toEqual([]);
  expect(existsSync(stateDir)).toBe(false);
});
