const brand: unique symbol = Symbol.for('candle.error');

/** Fields of an expected error. */
export interface PluginErrorParts {
  /**
   * Permanent code in capitals, with the plugin's name as prefix: `HOSTS_NOTHING_RESERVED`. Scripts match on it, so it
   * must never change.
   */
  readonly code: string;
  /** What went wrong and why: one sentence without "Error:", with names that the user knows. */
  readonly message: string;
  /** How to fix it, preferably a command to paste. */
  readonly hint?: string | undefined;
  /** Default: 1. */
  readonly exitCode?: number | undefined;
  /** Values from the message, as JSON data; printed with `--json`. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** The underlying error; never shown. */
  readonly cause?: unknown;
}

/**
 * An expected error, thrown by a command or by code that it calls. Candle prints `Error: MESSAGE` and the hint to
 * stderr or, with `--json`, `{"error": {code, message, hint, details}}` to stdout, and exits with `exitCode`. Anything
 * else that is thrown is reported as a bug in the plugin.
 */
export class PluginError extends Error {
  /** Marks an expected error, even if it comes from another copy of this class. */
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

/** An expected error: thrown by the host, or a {@link PluginError}. */
export interface CandleFailure extends Error {
  /** Permanent code, such as `PORT_NOT_RESERVED`. Candle's reference lists all of its codes. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Whether a thrown value is an expected error of Candle or of a plugin. Compare its `code` to tell errors apart. */
export function isCandleError(value: unknown): value is CandleFailure {
  return typeof value === 'object' && value !== null && brand in value;
}
