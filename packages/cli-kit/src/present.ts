/** How Candle's own commands look, for commands that are to look the same. Nothing here prints but `error`. */
export interface Presenters {
  /** Rows as text, their columns lined up two spaces apart; the first row is the head, in capitals as a rule. */
  table(rows: readonly (readonly string[])[]): string;
  /** Milliseconds in the two greatest units: `4s`, `3m 12s`, `2h 5m`, `4d 1h`. */
  duration(ms: number): string;
  /** Milliseconds since 1970 as a date and a time of the local zone. */
  time(ms: number): string;
  /**
   * Writes a failure as every command does, and returns the exit code: for people on stderr, or `{"error": …}` on stdout.
   * {@link CandleCommand} does this with all that is thrown.
   */
  error(error: unknown, options: { readonly json: boolean }): number;
}
