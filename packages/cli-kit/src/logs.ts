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

/** The output of services, as `candle logs --json` prints it, without escape sequences. */
export interface LogsDocument {
  readonly services: readonly {
    readonly name: string;
    readonly projectDir: string;
    /** Oldest first: lines, and marks that show where a run started and how it ended. */
    readonly entries: readonly LogEntryDocument[];
    /** Pass it as `startAt` to read what follows; null if the service has never run. */
    readonly cursor: string | null;
  }[];
}

/** Times are ISO 8601, UTC, and null if unknown. */
export type LogEntryDocument =
  | {
      readonly kind: 'line';
      readonly runId: string;
      readonly text: string;
      readonly at: string | null;
      /** Present if the line was printed at or before `at`. */
      readonly approximate?: true;
      /** Position right after the line. */
      readonly cursor: string;
      /** Present if the line has no newline (yet). */
      readonly partial?: true;
      /** Present if the line continues the partial line before it. */
      readonly continues?: true;
    }
  | { readonly kind: 'started'; readonly runId: string; readonly at: string; readonly attempt: number }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly at: string | null;
      readonly exitCode: number | null;
      readonly exitSignal: string | null;
      readonly reason: string;
    }
  | { readonly kind: 'truncated'; readonly runId: string; readonly at: string | null }
  | { readonly kind: 'evicted'; readonly runId: string };
