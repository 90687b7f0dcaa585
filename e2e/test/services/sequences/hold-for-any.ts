import { openSandbox, type Sandbox } from '@candle/test-kit';
import fc from 'fast-check';
import { bin } from '../../sandbox.ts';

const { CANDLE_SEQUENCE_SEED: seed, CANDLE_SEQUENCE_PATH: path } = process.env;

/** For the test that plays them. */
export const sequencesTimeoutMs = seed ? 3_600_000 : 120_000;

/**
 * Plays sequences, each in a sandbox of its own, until `limitMs` are over. A failure prints its seed and path.
 * `CANDLE_SEQUENCE_SEED=… CANDLE_SEQUENCE_PATH=… vitest run …` repeats it; with a seed there is no limit of time, so that a
 * failure is made as small as it can be.
 */
export async function holdForAny<T>(
  sequences: fc.Arbitrary<T>,
  { numRuns, limitMs }: { numRuns: number; limitMs: number },
  play: (box: Sandbox, sequence: T) => Promise<void>,
): Promise<void> {
  const deadlineMs = seed ? Number.POSITIVE_INFINITY : performance.now() + limitMs;
  const given = { ...(seed ? { seed: Number(seed) } : {}), ...(path ? { path } : {}) };
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      // Not by fast-check's own limit, which turns away from a sequence that is under way.
      if (performance.now() > deadlineMs) return;
      const box = openSandbox({ bin });
      try {
        await play(box, sequence);
      } finally {
        await box.close();
      }
    }),
    { numRuns, ...given },
  );
}
