import { openSandbox, type Sandbox } from '@candle/test-kit';
import fc from 'fast-check';
import { bin } from '../../sandbox.ts';

const { CANDLE_SEQUENCE_SEED: seed, CANDLE_SEQUENCE_PATH: path } = process.env;

/** The timeout of the test that plays the sequences. */
export const sequencesTimeoutMs = seed ? 3_600_000 : 120_000;

/**
 * Plays random sequences, each in its own sandbox, until `limitMs` have passed. A failure prints its seed and path. To
 * repeat it, run `CANDLE_SEQUENCE_SEED=… CANDLE_SEQUENCE_PATH=… vitest run …`. With a seed there is no time limit, so that
 * fast-check can shrink the failure completely.
 */
export async function checkSequences<T>(
  sequences: fc.Arbitrary<T>,
  { numRuns, limitMs }: { numRuns: number; limitMs: number },
  play: (box: Sandbox, sequence: T) => Promise<void>,
): Promise<void> {
  const deadlineMs = seed ? Number.POSITIVE_INFINITY : performance.now() + limitMs;
  const replay = { ...(seed ? { seed: Number(seed) } : {}), ...(path ? { path } : {}) };
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      // fast-check's own time limit would abandon a sequence while it runs.
      if (performance.now() > deadlineMs) return;
      const box = openSandbox({ bin });
      try {
        await play(box, sequence);
      } finally {
        await box.close();
      }
    }),
    { numRuns, ...replay },
  );
}
