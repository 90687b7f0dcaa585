/** Counts actions and collects the defects that were found. */
export class Tally {
  readonly counts: Record<string, number> = {};
  readonly defects: string[] = [];

  count(what: string, times = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + times;
  }

  /** Also prints the defect immediately with the time, to show what else was happening then. */
  defect(what: string): void {
    this.defects.push(what);
    console.log(`${new Date().toISOString()} DEFECT ${what}`);
  }
}
