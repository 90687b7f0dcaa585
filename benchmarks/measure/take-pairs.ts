/** One round: the thing and what it is compared to, measured right after each other. Milliseconds. */
export interface Pair {
  readonly measured: number;
  readonly baseline: number;
}

export interface PairOf {
  readonly measured: () => Promise<number>;
  readonly baseline: () => Promise<number>;
  /** Before each of the two, outside the measured time. */
  readonly prepare?: () => void;
}

/**
 * Interleaved rounds, so that whatever else the machine does falls on both sides; who goes first changes each time. One
 * round more is run before and thrown away: it fills the caches of the disk and of the compiler.
 */
export async function takePairs(rounds: number, { measured, baseline, prepare }: PairOf): Promise<readonly Pair[]> {
  const take = async (run: () => Promise<number>) => {
    prepare?.();
    return run();
  };
  const pairs: Pair[] = [];
  for (let round = 0; round <= rounds; round++) {
    const first = round % 2 === 0 ? await take(baseline) : await take(measured);
    const second = round % 2 === 0 ? await take(measured) : await take(baseline);
    pairs.push(round % 2 === 0 ? { measured: second, baseline: first } : { measured: first, baseline: second });
  }
  return pairs.slice(1);
}
