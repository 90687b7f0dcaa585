export interface LogsRequest {
  /** As `findProject` found it. */
  readonly projectDir: string;
  /** Left out or empty: every service of the project that was ever started. */
  readonly names?: readonly string[] | undefined;
  /** Lines at most for each service, 100 when left out. Marks are not counted. */
  readonly count?: number | undefined;
  /** Only what was printed then or later: milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  /** Only what was printed then or before: milliseconds since 1970. */
  readonly untilMs?: number | undefined;
  /** Only lines with this text, capitals and small letters held apart. */
  readonly grep?: string | undefined;
  /** Only of one run: `latest`, `previous`, or the beginning of its id. */
  readonly run?: string | undefined;
  /** Behind this cursor of an earlier answer, and forward from there; of one service. */
  readonly startAt?: string | undefined;
}

/** The output of services, as `candle logs --json` prints it, without escape sequences. */
export interface LogsDocument {
  readonly services: readonly {
    readonly name: string;
    readonly projectDir: string;
    /** Oldest first: lines, and marks where a run started and how it ended. */
    readonly entries: readonly LogEntryDocument[];
    /** To go on from with `startAt`; null when it has never run. */
    readonly cursor: string | null;
  }[];
}

/** Times are ISO 8601, UTC, and null where nobody knows. */
export type LogEntryDocument =
  | {
      readonly kind: 'line';
      readonly runId: string;
      readonly text: string;
      readonly at: string | null;
      /** Only when it is so: it was printed then or before. */
      readonly approximate?: true;
      /** Right behind the line. */
      readonly cursor: string;
      /** Only when it is so: it has no newline (yet). */
      readonly partial?: true;
      /** Only when it is so: it goes on with the partial line before. */
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
