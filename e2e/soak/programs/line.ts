/** The most lines that a program of the soak test writes at once. */
export const maxBatch = 2_000;

/** Returns line `n` of a run, starting at 1. The checks know each of its bytes. */
export function lineText(runId: string, n: number): string {
  return `${runId} ${n} ${'x'.repeat((n * 7919) % 160)}.`;
}
