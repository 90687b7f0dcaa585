const brand: unique symbol = Symbol.for('candle.error');

/** What an expected failure is made of. */
export interface PluginErrorParts {
  /**
   * Permanent name, in capitals, the plugin first: `HOSTS_NOTHING_RESERVED`. Scripts match on it, so it never changes.
   */
  readonly code: string;
  /** What happened and why: one sentence without "Error:", with the names that the user knows. */
  readonly message: string;
  /** What to do about it; best a command that can be pasted. */
  readonly hint?: string | undefined;
  /** 1 when left out. */
  readonly exitCode?: number | undefined;
  /** The values that the sentence speaks of, safe for JSON: `--json` prints them. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** What led to it; shown to nobody. */
  readonly cause?: unknown;
}

/**
 * An expected failure, to be thrown by a command or by what it calls. Candle prints `Error: MESSAGE` and the hint on
 * stderr or, with `--json`, `{"error": {code, message, hint, details}}` on stdout, and exits with `exitCode`. Anything
 * else that is thrown is told as a fault of the plugin.
 */
export class PluginError extends Error {
  /** By this mark Candle knows an expected failure, whichever copy of this class made it. */
  readonly [brand] = true;
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor({ code, message, hint, exitCode = 1, details = {}, cause }: PluginErrorParts) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** What every expected failure has: those that the host throws, and {@link PluginError}. */
export interface CandleFailure extends Error {
  /** Permanent: `PORT_NOT_RESERVED`. All of Candle's stand in its reference. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Whether a thrown value is an expected failure, of Candle or of a plugin; compare its `code`. */
export function isCandleError(value: unknown): value is CandleFailure {
  return typeof value === 'object' && value !== null && brand in value;
}
