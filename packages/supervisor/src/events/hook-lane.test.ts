import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CandleEvent, eventsDir, hookLogPath } from '@candle/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { HookLane } from './hook-lane.ts';

const script = fileURLToPath(new URL('../../test/fixtures/hook-host.mjs', import.meta.url));

/** Tells the hooks named so, and waits for what came of each. */
async function tellAll(hooks: readonly string[], timeoutMs = 20_000) {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-supervisor-'));
  mkdirSync(eventsDir(stateDir));
  const told: [hook: string | null, problem: string | undefined][] = [];
  const program = { node: process.execPath, script, stateDir };
  const lane = new HookLane(
    { name: 'candle-plugin-x', root: stateDir, hint: '' },
    program,
    ({ serviceName }, problem) => told.push([serviceName, problem]),
    timeoutMs,
  );
  onTestFinished(() => {
    lane.close();
    rmSync(stateDir, { recursive: true });
  });
  for (const hook of hooks) {
    const event: CandleEvent = { kind: 'port-reserved', atMs: 0, projectDir: '/shop', serviceName: hook, port: 4000 };
    lane.tell(event);
  }
  await vi.waitUntil(() => !lane.isBusy, { timeout: 30_000 });
  return { told, log: readFileSync(hookLogPath(stateDir), 'utf8') };
}

test('events are told one after another; what a hook says went wrong is passed on', async () => {
  const { told } = await tellAll(['fine', 'fails', 'fine']);
  expect(told).toEqual([
    ['fine', undefined],
    ['fails', 'no such proxy'],
    ['fine', undefined],
  ]);
});

test('a hook that hangs or blocks is ended when its time is over, and the next is told', async () => {
  const { told } = await tellAll(['hangs', 'fine', 'blocks', 'fine'], 1_500);
  const tooLong = 'it took longer than 1.5 s and was ended';
  expect(told).toEqual([
    ['hangs', tooLong],
    ['fine', undefined],
    ['blocks', tooLong],
    ['fine', undefined],
  ]);
});

test('a hook that ends its process is named, and the next is told by another one', async () => {
  const { told } = await tellAll(['exits', 'fine']);
  expect(told).toEqual([
    ['exits', 'it ended its process (exit code 3)'],
    ['fine', undefined],
  ]);
});

test('of what one process prints the beginning is kept', async () => {
  const { log } = await tellAll(['floods', 'fine']);
  expect(log).toMatch(/^\S+ candle-plugin-x port-reserved floods \/shop\nx+/);
  expect(log.length).toBeLessThan(70_000);
});

test('a plugin that is a hundred events behind is not told of more', async () => {
  const { told } = await tellAll(Array.from({ length: 102 }, () => 'fine'));
  expect(told.filter(([, problem]) => problem !== undefined)).toEqual([
    ['fine', 'it is so slow that 100 events wait for it, and was not told'],
  ]);
  expect(told).toHaveLength(102);
});
