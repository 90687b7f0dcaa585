import { expect, test } from 'vitest';
import { ReadyWatch } from './ready-watch.ts';

/** A probe whose looks end when the test says so, and a clock that the test moves. */
function watching(intervalMs: number) {
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
    { intervalMs, nowMs: () => clock.nowMs },
  );
  return { watch, clock, checks };
}

test('one look at a time, the first ones soon after each other, the later ones at the interval', async () => {
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

test('a look that lasts holds up nobody, and is not doubled', async () => {
  const { watch, clock, checks } = watching(10);
  for (; clock.nowMs < 1_000; clock.nowMs += 50) expect(watch.check()).toBe(false);
  expect(checks).toHaveLength(1);
  await checks[0]?.end(true);
  expect(watch.check()).toBe(true);
});

test('what was seen to be ready stays so without another look', async () => {
  const { watch, clock, checks } = watching(10);
  watch.check();
  await checks[0]?.end(true);
  clock.nowMs = 10_000;
  expect([watch.check(), await watch.checkNow(), checks.length]).toEqual([true, true, 1]);
});

test('an answer that is asked for is waited for, also before its time', async () => {
  const { watch, checks } = watching(1_000);
  watch.check();
  await checks[0]?.end(false);
  const answer = watch.checkNow();
  await checks[1]?.end(true);
  expect(await answer).toBe(true);
});

test('a look that throws is a bug, and is not swallowed', async () => {
  const failing = { awaited: '', check: () => Promise.reject(new TypeError('no')), close: () => undefined };
  const watch = new ReadyWatch(failing, { intervalMs: 10, nowMs: () => 0 });
  watch.check();
  await new Promise((done) => setImmediate(done));
  expect(() => watch.check()).toThrow(TypeError);
});
