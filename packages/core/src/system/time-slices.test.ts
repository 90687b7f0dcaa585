import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeSlices } from './time-slices.ts';

/** Time slices with a clock that the computations advance, and rounds of events that the test begins. */
function underTest() {
  const clock = { nowMs: 0 };
  const scheduled: (() => void)[] = [];
  const timeSlices = new TimeSlices({ nowMs: () => clock.nowMs, afterEvents: (run) => scheduled.push(run) });
  /** Runs what waits for the next round, and everything that follows directly from it. Returns the time that it took. */
  const round = async (): Promise<number> => {
    const beganMs = clock.nowMs;
    for (const run of scheduled.splice(0)) run();
    for (let tick = 0; tick < 20; tick++) await Promise.resolve();
    return clock.nowMs - beganMs;
  };
  return { timeSlices, clock, round, isIdle: () => scheduled.length === 0 };
}

test('all computations together take one time slice between two rounds of events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), { minLength: 1 }),
      async (works) => {
        const { timeSlices, clock, round, isIdle } = underTest();
        const done: number[][] = works.map(() => []);
        const run = async (steps: readonly number[], index: number) => {
          for (const ms of steps) {
            if (timeSlices.isOver()) await timeSlices.next();
            clock.nowMs += ms;
            done[index]?.push(ms);
          }
        };
        const running = Promise.all(works.map(run));
        while (!isIdle()) expect(await round()).toBeLessThan(20 + 20);
        await running;
        expect(done).toEqual(works);
      },
    ),
  );
});

test('the longest waiting computation is next', async () => {
  const { timeSlices, clock, round } = underTest();
  const order: string[] = [];
  const run = async (name: string) => {
    for (let step = 0; step < 3; step++) {
      if (timeSlices.isOver()) await timeSlices.next();
      order.push(name);
      clock.nowMs += 25;
    }
  };
  const running = Promise.all(['a', 'b', 'c'].map(run));
  for (let times = 0; times < 9; times++) await round();
  await running;
  expect(order.join('')).toBe('abcabcabc');
});

test('reads the clock only once for many short texts', () => {
  const looks = { count: 0 };
  const timeSlices = new TimeSlices({ nowMs: () => looks.count++, afterEvents: () => undefined });
  for (let line = 0; line < 1_000; line++) timeSlices.isOver(100);
  expect(looks.count).toBeGreaterThan(10);
  expect(looks.count).toBeLessThan(20);
  expect(timeSlices.isOver(64 * 1024 * 1024)).toBe(true);
});
