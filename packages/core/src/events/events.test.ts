import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import {
  describeHookFailure,
  enqueueEvent,
  eventsDir,
  forgetHookFailure,
  type HookFailure,
  hookFailureHint,
  listHookFailures,
  recordHookFailure,
  takeEvents,
  takeHookNotice,
} from './events.ts';

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

const failure: HookFailure = {
  plugin: 'candle-plugin-x',
  kind: 'port-reserved',
  problem: 'no such proxy',
  atMs: 1,
  hint: 'Fix it',
};

function stateWithEvents(): string {
  const stateDir = temporaryDirectory();
  mkdirSync(eventsDir(stateDir));
  return stateDir;
}

test('reports a failure once and keeps it until the hook succeeds', () => {
  const stateDir = stateWithEvents();
  recordHookFailure(stateDir, failure);
  expect(takeHookNotice(stateDir)).toEqual([failure]);
  expect(takeHookNotice(stateDir)).toEqual([]);
  expect(listHookFailures(stateDir)).toEqual([failure]);
  forgetHookFailure(stateDir, { ...failure, kind: 'port-released' });
  expect(listHookFailures(stateDir)).toEqual([failure]);
  forgetHookFailure(stateDir, failure);
  expect(listHookFailures(stateDir)).toEqual([]);
  expect(readdirSync(eventsDir(stateDir))).toEqual(['failures.json']);
});

test('keeps the newest failure of each hook, and the newest twenty in total', () => {
  const stateDir = stateWithEvents();
  for (let n = 0; n < 25; n++) recordHookFailure(stateDir, { ...failure, plugin: `candle-plugin-${n}` });
  recordHookFailure(stateDir, { ...failure, plugin: 'candle-plugin-20', problem: 'again' });
  const kept = listHookFailures(stateDir);
  expect(kept).toHaveLength(20);
  expect(kept.filter(({ plugin }) => plugin === 'candle-plugin-20')).toMatchObject([{ problem: 'again' }]);
  expect(takeHookNotice(stateDir)).toEqual(kept);
});

test('ignores failures that a build before the first release recorded', () => {
  const stateDir = stateWithEvents();
  const { hint, ...rest } = failure;
  writeFileSync(join(eventsDir(stateDir), 'failures.json'), JSON.stringify([{ ...rest, wayOut: hint }]));
  expect(listHookFailures(stateDir)).toEqual([]);
});

test('describes a failure with the plugin, the event, the problem and a hint', () => {
  expect(describeHookFailure(failure)).toBe("Plugin 'candle-plugin-x' failed to handle port-reserved: no such proxy");
  expect(describeHookFailure({ ...failure, problem: '\u001b[2J' })).toMatch(/: \\u001b\[2J$/);
  expect(hookFailureHint('/state', failure)).toBe('Fix it\nPlugin output: /state/events/hooks.log');
});
