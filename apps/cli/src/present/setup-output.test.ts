import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchSilence } from './setup-output.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('silence is reported ever more seldom, and again when something was printed', () => {
  const reported: number[] = [];
  const silence = watchSilence(5, (elapsedMs) => reported.push(elapsedMs));
  vi.advanceTimersByTime(40);
  expect(reported).toEqual([5, 15, 35]);
  silence.restart();
  vi.advanceTimersByTime(4);
  expect(reported).toHaveLength(3);
  vi.advanceTimersByTime(1);
  expect(reported.at(-1)).toBe(45);
  silence.stop();
  vi.advanceTimersByTime(1000);
  expect(reported).toHaveLength(4);
});
