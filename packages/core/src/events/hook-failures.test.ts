import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { eventsDir } from './event-queue.ts';
import {
  describeHookFailure,
  forgetHookFailure,
  type HookFailure,
  hookFailureHint,
  listHookFailures,
  recordHookFailure,
  takeHookNotice,
} from './hook-failures.ts';

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
