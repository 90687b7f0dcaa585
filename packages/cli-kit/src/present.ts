/** Formats output like Candle's own commands. Only `error` prints. */
export interface Presenters {
  /** Rows as text, with columns aligned two spaces apart. The first row is the header, usually in capitals. */
  table(rows: readonly (readonly string[])[]): string;
  /** Milliseconds in the two largest units: `4s`, `3m 12s`, `2h 5m`, `4d 1h`. */
  duration(ms: number): string;
  /** Milliseconds since 1970 as a date and time in the local time zone. */
  time(ms: number): string;
  /**
   * Prints an error like every command, as text to stderr or as `{"error": …}` to stdout, and returns the exit code.
   * {@link CandleCommand} calls it for everything that is thrown.
   */
  error(error: unknown, options: { readonly json: boolean }): number;
}
