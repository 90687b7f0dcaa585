/** What was done how often, and what was found wrong. */
export class Tally {
  readonly counts: Record<string, number> = {};
  readonly faults: string[] = [];

  count(what: string, times = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + times;
  }

  /** Told at once: of a run of half an hour one wants to know what was going on then. */
  fault(what: string): void {
    this.faults.push(what);
    console.log(`${new Date().toISOString()} FAULT ${what}`);
  }
}
