import { expect, test } from 'vitest';
import { ActivityLog } from './activity.ts';

function underTest() {
  const clock = { nowMs: 0, cpuMs: 0 };
  const ends: (() => void)[] = [];
  const log = new ActivityLog({
    nowMs: () => clock.nowMs,
    cpuMs: () => clock.cpuMs,
    afterEvents: (run) => ends.push(run),
  });
  const endEvents = () => {
    for (const end of ends.splice(0)) end();
  };
  const work = (ms: number, cpuMs = ms) => {
    clock.nowMs += ms;
    clock.cpuMs += cpuMs;
  };
  return { log, work, endEvents };
}

test('attributes a long tick to the activity that took longest in it', () => {
  const { log, work } = underTest();
  work(250, 1);
  expect(log.tick(250)).toBe(undefined);
  log.begin('reading the database');
  work(100);
  log.begin('searching output');
  work(3_000);
  log.begin('copying output');
  work(200);
  expect(log.tick(250)).toEqual({ durationMs: 3_050, activity: 'searching output' });
  work(250, 1);
  expect(log.tick(250)).toBe(undefined);
});

test('does not report a tick of a second, nor idle time', () => {
  const { log, work } = underTest();
  log.begin('searching output');
  work(1_250);
  expect(log.tick(250)).toBe(undefined);
  for (let times = 0; times < 20; times++) {
    work(250, 0);
    expect(log.tick(250)).toBe(undefined);
  }
});

test('attributes time without CPU time to nothing: the process was suspended or starved', () => {
  const { log, work } = underTest();
  log.begin('searching output');
  work(10);
  work(9_000, 20);
  expect(log.tick(250)).toEqual({ durationMs: 8_760, activity: null });
});

test('an activity ends with the events of its round', () => {
  const { log, work, endEvents } = underTest();
  log.begin('searching output');
  work(20);
  endEvents();
  work(2_000);
  expect(log.tick(250)).toEqual({ durationMs: 1_770, activity: 'doing other work' });
});
