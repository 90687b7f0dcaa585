import { expect, test } from 'vitest';
import { ReadyWatch } from './await-ready.ts';

/** A probe whose checks end when the test ends them, and a clock that the test advances. */
function watching(intervalMs: number, times: { delayMs?: number; firstPauseMs?: number } = {}) {
  const clock = { nowMs: 0 };
  const checks: { atMs: number; end: (isReady: boolean) => Promise<void> }[] = [];
  const watch = new ReadyWatch(
    {
      awaited: 'nothing',
      check: () => {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        const end = async (isReady: boolean) => {
          resolve(isReady);
          await new Promise((done) => setImmediate(done));
        };
        checks.push({ atMs: clock.nowMs, end });
        return promise;
      },
      close: () => undefined,
    },
    { delayMs: 0, firstPauseMs: 20, intervalMs, ...times },
    () => clock.nowMs,
  );
  return { watch, clock, checks };
}

test('makes one check at a time, with short pauses at first and the interval later', async () => {
  const { watch, clock, checks } = watching(100);
  for (; clock.nowMs < 1_000; clock.nowMs += 5) {
    expect(watch.check()).toBe(false);
    expect(watch.check()).toBe(false);
    await checks.at(-1)?.end(false);
  }
  const pauses = checks.slice(1).map(({ atMs }, index) => atMs - (checks[index]?.atMs ?? 0));
  expect(pauses[0]).toBe(20);
  expect(pauses.toSorted((a, b) => a - b)).toEqual(pauses);
  expect(pauses.at(-1)).toBe(100);
});

test('waits before the first check if it costs something', async () => {
  const { watch, clock, checks } = watching(500, { delayMs: 50, firstPauseMs: 75 });
  for (; clock.nowMs < 3_000; clock.nowMs += 5) {
    watch.check();
    await checks.at(-1)?.end(false);
  }
  expect(checks.map(({ atMs }) => atMs).slice(0, 3)).toEqual([50, 125, 240]);
  expect(checks.length).toBeLessThan(12);
});

test('a slow check does not block the caller and is not started twice', async () => {
  const { watch, clock, checks } = watching(10);
  for (; clock.nowMs < 1_000; clock.nowMs += 50) expect(watch.check()).toBe(false);
  expect(checks).toHaveLength(1);
  await checks[0]?.end(true);
  expect(watch.check()).toBe(true);
});

test('a ready run stays ready without another check', async () => {
  const { watch, clock, checks } = watching(10);
  watch.check();
  await checks[0]?.end(true);
  clock.nowMs = 10_000;
  expect([watch.check(), await watch.checkNow(), checks.length]).toEqual([true, true, 1]);
});

test('checkNow waits for a new check, even if none is due', async () => {
  const { watch, checks } = watching(1_000);
  watch.check();
  await checks[0]?.end(false);
  const answer = watch.checkNow();
  await checks[1]?.end(true);
  expect(await answer).toBe(true);
});

test('rethrows an error of the probe, because it is a bug', async () => {
  const failing = { awaited: '', check: () => Promise.reject(new TypeError('no')), close: () => undefined };
  const watch = new ReadyWatch(failing, { delayMs: 0, firstPauseMs: 10, intervalMs: 10 }, () => 0);
  watch.check();
  await new Promise((done) => setImmediate(done));
  expect(() => watch.check()).toThrow(TypeError);
});
