/** Lines that a program of the soak writes at once, at the most. */
export const maxBatch = 2_000;

/** The nth line of a run, from 1 on: whoever reads it knows each of its bytes. */
export function lineText(runId: string, n: number): string {
  return `${runId} ${n} ${'x'.repeat((n * 7919) % 160)}.`;
}
