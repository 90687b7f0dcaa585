import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CandleEvent, eventsDir, hookLogPath } from '@candle/core/events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { HookLane } from './hook-lane.ts';

const script = fileURLToPath(new URL('../../test/fixtures/hook-host.mjs', import.meta.url));

/** Delivers an event to each of these hooks and waits for the results. */
async function deliverAll(hooks: readonly string[], timeoutMs = 20_000) {
  const stateDir = mkdtempSync(join(tmpdir(), 'candle-supervisor-'));
  mkdirSync(eventsDir(stateDir));
  const results: [hook: string | null, problem: string | undefined][] = [];
  const program = { node: process.execPath, script, stateDir };
  const lane = new HookLane(
    { name: 'candle-plugin-x', root: stateDir, hint: '' },
    program,
    ({ serviceName }, problem) => results.push([serviceName, problem]),
    timeoutMs,
  );
  onTestFinished(() => {
    lane.close();
    rmSync(stateDir, { recursive: true });
  });
  for (const hook of hooks) {
    const event: CandleEvent = { kind: 'port-reserved', atMs: 0, projectDir: '/shop', serviceName: hook, port: 4000 };
    lane.deliver(event);
  }
  await vi.waitUntil(() => !lane.isBusy, { timeout: 30_000 });
  return { results, log: readFileSync(hookLogPath(stateDir), 'utf8') };
}

test('delivers events one after another and reports the problems of hooks', async () => {
  const { results } = await deliverAll(['fine', 'fails', 'fine']);
  expect(results).toEqual([
    ['fine', undefined],
    ['fails', 'no such proxy'],
    ['fine', undefined],
  ]);
});

test('a hook that hangs or blocks is killed after the timeout, and the next event is delivered', async () => {
  const { results } = await deliverAll(['hangs', 'fine', 'blocks', 'fine'], 1_500);
  const tooLong = 'it took longer than 1.5 s and was killed';
  expect(results).toEqual([
    ['hangs', tooLong],
    ['fine', undefined],
    ['blocks', tooLong],
    ['fine', undefined],
  ]);
});

test('a hook that ends its process is reported, and the next event goes to a new process', async () => {
  const { results } = await deliverAll(['exits', 'fine']);
  expect(results).toEqual([
    ['exits', 'its process exited with code 3'],
    ['fine', undefined],
  ]);
});

test('keeps only the beginning of the output of a process', async () => {
  const { log } = await deliverAll(['floods', 'fine']);
  expect(log).toMatch(/^\S+ candle-plugin-x port-reserved floods \/shop\nx+/);
  expect(log.length).toBeLessThan(70_000);
});

test('a plugin that is a hundred events behind gets no more events', async () => {
  const { results } = await deliverAll(Array.from({ length: 102 }, () => 'fine'));
  expect(results.filter(([, problem]) => problem !== undefined)).toEqual([
    ['fine', 'it is too slow: 100 events are waiting for it, so this event was not delivered'],
  ]);
  expect(results).toHaveLength(102);
});
