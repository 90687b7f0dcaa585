// Generated from packages/documents by `pnpm run docs`; do not edit.

/** The output of services, as `candle logs --json` prints it, without escape sequences. */
export interface LogsDocument {
  readonly services: readonly {
    readonly name: string;
    /** Real path of the project. */
    readonly projectDir: string;
    /** Oldest first. */
    readonly entries: readonly LogEntryDocument[];
    /**
     * To read what follows, pass it as startAt to GetLogs, or as --start-at to candle logs. Null if the service has
     * never run.
     */
    readonly cursor: string | null;
    /** Only present in a result of GetLogs that was too long: what was omitted, and how to get it. */
    readonly leftOut?: string;
  }[];
}

/** A line that a service printed, or an event of its run. Times are ISO 8601, UTC, and null if unknown. */
export type LogEntryDocument =
  | {
      readonly kind: 'line';
      readonly runId: string;
      /**
       * The last state of the line, without escape sequences. MCP tools cut it after 2000 characters and add a mark;
       * --json does not.
       */
      readonly text: string;
      readonly at: string | null;
      /** Only present if the time is approximate: the line may have been printed earlier. */
      readonly approximate?: true;
      /** Position after the line. */
      readonly cursor: string;
      /** Only present if the line has no newline (yet). */
      readonly partial?: true;
      /** Only present if the line continues the partial line before it. */
      readonly continues?: true;
      /** Number of omitted characters; only present if the line was cut. */
      readonly cut?: number;
    }
  | {
      readonly kind: 'started';
      readonly runId: string;
      /** ISO 8601, UTC. */
      readonly at: string;
      /** Number of consecutive restarts by the restart policy; 0 if the start was requested. */
      readonly attempt: number;
      /** Only present if the run prints to a pipe because an earlier run truncated its output file. */
      readonly output?: 'pipe';
    }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly at: string | null;
      readonly exitCode: number | null;
      readonly exitSignal: string | null;
      readonly reason: string;
      /** Only present if a SIGKILL that Candle did not send ended it: who probably sent it. */
      readonly explanation?: string;
    }
  | {
      readonly kind: 'given-up';
      readonly runId: string;
      /** When the restart policy gave up: the service kept exiting. */
      readonly at: string | null;
      readonly exitCode: number | null;
      readonly exitSignal: string | null;
      /** Number of consecutive restarts. */
      readonly restarts: number;
      /** From the exit before the first of these restarts. */
      readonly withinMs: number;
    }
  | {
      readonly kind: 'truncated';
      readonly runId: string;
      readonly at: string | null;
    }
  | {
      readonly kind: 'evicted';
      readonly runId: string;
    };
