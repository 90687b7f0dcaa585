/** One round: a figure and its baseline, measured right after each other. Milliseconds. */
export interface Pair {
  readonly measured: number;
  readonly baseline: number;
}

export interface PairOf {
  readonly measured: () => Promise<number>;
  readonly baseline: () => Promise<number>;
  /** Called before each of the two, outside the measured time. */
  readonly prepare?: () => void;
}

/**
 * Measures interleaved rounds in alternating order, so that other load on the machine affects both sides. One
 * additional round runs first and is discarded: it fills the disk cache and the compile cache.
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
