import { expect, test } from 'vitest';
import { awaitLastingHelpers } from '../../src/stop/lasting-helpers.ts';
import type { ProcessDescription } from '../../src/system/process-table.ts';
import { aProcess } from '../members/snapshots.ts';

const helper = aProcess({ pid: 120 });

/** `ageMs`: how long before the call the helper has started. `endsAfterMs`: when it exits. */
async function ask({ ageMs, endsAfterMs }: { ageMs: number | undefined; endsAfterMs: number }) {
  let nowMs = 0;
  const startedAtMs = ageMs === undefined ? undefined : -ageMs;
  const lasting = await awaitLastingHelpers(
    {
      processes: {
        isAlive: () => nowMs < endsAfterMs,
        describe: () => ({ startedAtMs }) as ProcessDescription,
      } as unknown as Parameters<typeof awaitLastingHelpers>[0]['processes'],
      clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
      waiting: {
        nowMs: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms;
        },
      },
    },
    [helper],
  );
  return { lasting: lasting.length, waitedMs: nowMs };
}

test('waits for a young program that exits, and does not report it', async () => {
  expect(await ask({ ageMs: 100, endsAfterMs: 1_500 })).toEqual({ lasting: 0, waitedMs: 1_500 });
});

test('reports a young program that keeps running after three seconds', async () => {
  expect(await ask({ ageMs: 100, endsAfterMs: Infinity })).toEqual({ lasting: 1, waitedMs: 3_000 });
});

test.each([
  ['is older than ten seconds', 10_000],
  ['has an unknown age', undefined],
])('does not wait for a program that %s', async (_, ageMs) => {
  expect(await ask({ ageMs, endsAfterMs: Infinity })).toEqual({ lasting: 1, waitedMs: 0 });
});
