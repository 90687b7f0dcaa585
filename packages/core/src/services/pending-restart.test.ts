import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noRestart, type RestartPolicy } from '../config/restart-policy.ts';
import { applyRestartEvent, msUntilRestart, noPendingRestart } from './pending-restart.ts';

const onFailure: RestartPolicy = { policy: 'on-failure', delayMs: 500, maxDelayMs: 30_000, maxAttempts: 10 };
const always: RestartPolicy = { ...onFailure, policy: 'always' };
const failed = { exitCode: 1, livedMs: 100 };
/** The decision after the end of a run that followed this many restarts. */
const afterEnd = (
  policy: RestartPolicy,
  ended: { exitCode: number | null; livedMs: number },
  { attempts, nowMs = 1_000_000, random = 0.5 }: { attempts: number; nowMs?: number; random?: number },
) =>
  applyRestartEvent(
    { ...noPendingRestart, attempts },
    { kind: 'runEnded', policy, nowMs, monotonicMs: nowMs / 2, bootId: 'boot', random, ...ended },
  );

const now = { nowMs: 1_000_000, monotonicMs: 5_000, bootId: 'boot' };

test('a jump of the wall clock changes nothing that is due', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(60_000), (jumpMs, passedMs) => {
      const input = { policy: onFailure, random: 0.5, ...failed, ...now };
      const pending = applyRestartEvent(noPendingRestart, { kind: 'runEnded', ...input });
      const later = { ...now, nowMs: now.nowMs + passedMs + jumpMs, monotonicMs: now.monotonicMs + passedMs };
      expect(msUntilRestart(pending, later)).toBe(500 - passedMs);
      // In another boot nothing is restarted, and the supervisor finds that out at once.
      expect(msUntilRestart(pending, { ...later, bootId: 'other' })).toBe(0);
    }),
  );
});

test('a restart that an earlier Candle has planned is due by the wall clock', () => {
  const pending = { ...noPendingRestart, attempts: 1, nextRestartAtMs: now.nowMs + 700 };
  expect(msUntilRestart(pending, now)).toBe(700);
});

describe('decides whether to restart', () => {
  test.each([
    ['never', noRestart, failed, false],
    ['on-failure after 0', onFailure, { exitCode: 0, livedMs: 100 }, false],
    ['on-failure after 1', onFailure, failed, true],
    ['on-failure with an unknown exit status', onFailure, { exitCode: null, livedMs: 100 }, true],
    ['always after 0', always, { exitCode: 0, livedMs: 100 }, true],
    ['always after 1', always, failed, true],
  ] as const)('%s: %o', (_, policy, ended, isRestarted) => {
    expect(afterEnd(policy, ended, { attempts: 0 }).nextRestartAtMs !== null).toBe(isRestarted);
  });
});

test('doubles the delay of each restart, up to the maximum', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7].map(
    (attempts) => (afterEnd(onFailure, failed, { attempts }).nextRestartAtMs ?? 0) - 1_000_000,
  );
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('gives up after the last attempt and records when', () => {
  expect(afterEnd(onFailure, failed, { attempts: 10 })).toEqual({
    ...noPendingRestart,
    attempts: 10,
    crashLoopedAtMs: 1_000_000,
  });
});

test('restarts a program that exits with code 0 without limit', () => {
  expect(afterEnd(always, { exitCode: 0, livedMs: 100 }, { attempts: 500 })).toMatchObject({
    nextRestartAtMs: 1_030_000,
    crashLoopedAtMs: null,
  });
});

test('a run that lasted long enough resets the count', () => {
  expect(afterEnd(onFailure, { exitCode: 1, livedMs: 10_000 }, { attempts: 10 })).toMatchObject({
    attempts: 1,
    nextRestartAtMs: 1_000_500,
  });
});

test.each([
  ['restarted', { kind: 'restarted' }, { attempts: 3 }],
  ['refused', { kind: 'refused', refusal: 'no tty' }, { attempts: 3, refusal: 'no tty' }],
  ['cancelled', { kind: 'cancelled' }, {}],
] as const)('nothing is pending after a restart was %s', (_, event, expected) => {
  const pending = { ...noPendingRestart, attempts: 3, nextRestartAtMs: 1_000 };
  expect(applyRestartEvent(pending, event)).toEqual({ ...noPendingRestart, ...expected });
});

test('a restart that failed counts as an attempt', () => {
  const before = { ...noPendingRestart, attempts: 3, nextRestartAtMs: 1_000 };
  const event = { kind: 'restartFailed', policy: onFailure, ...now, random: 0.5 } as const;
  expect(applyRestartEvent(before, event)).toMatchObject({ attempts: 4, nextRestartAtMs: 1_004_000 });
});

test('either restarts within the jitter of the delay or gives up, but never both', () => {
  const policies = fc.record({
    policy: fc.constantFrom('never', 'on-failure', 'always'),
    delayMs: fc.nat(60_000),
    maxDelayMs: fc.nat(600_000),
    maxAttempts: fc.integer({ min: 1, max: 1_000 }),
  });
  const ended = fc.record({ exitCode: fc.option(fc.nat(255)), livedMs: fc.nat(100_000) });
  const state = fc.record({
    attempts: fc.nat(2_000),
    nowMs: fc.nat(),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(policies, ended, state, (policy, run, { attempts, nowMs, random }) => {
      const next = afterEnd(policy, run, { attempts, nowMs, random });
      expect(next.nextRestartAtMs !== null && next.crashLoopedAtMs !== null).toBe(false);
      if (next.nextRestartAtMs === null) return;
      expect(next.nextRestartAtMs - nowMs).toBeGreaterThanOrEqual(
        Math.floor(Math.min(policy.delayMs, policy.maxDelayMs) * 0.8),
      );
      expect(next.nextRestartAtMs - nowMs).toBeLessThanOrEqual(Math.ceil(policy.maxDelayMs * 1.2));
    }),
  );
});
