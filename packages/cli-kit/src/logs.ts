export interface LogsRequest {
  /** Directory returned by `findProject`. */
  readonly projectDir: string;
  /** If omitted or empty: every service of the project that was ever started. */
  readonly names?: readonly string[] | undefined;
  /** Maximum number of lines per service (default 100). Marks are not counted. */
  readonly count?: number | undefined;
  /** Only output printed at or after this time, in milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  /** Only output printed at or before this time, in milliseconds since 1970. */
  readonly untilMs?: number | undefined;
  /** Only lines that contain this text (case-sensitive). */
  readonly grep?: string | undefined;
  /** Only output of one run: `latest`, `previous`, or the beginning of its ID. */
  readonly run?: string | undefined;
  /** Cursor of an earlier result; reads forward from there. Requires exactly one service. */
  readonly startAt?: string | undefined;
}
