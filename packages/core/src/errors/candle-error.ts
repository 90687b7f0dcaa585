/** What a failure is made of. `message` is a sentence without "Error:"; `hint` says what to do, best a command to paste. */
export interface CandleErrorParts {
  /** Permanent name, area first: `PORT_RANGE_EXHAUSTED`. Scripts match on it, so it never changes. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The values that the sentence speaks of, safe for JSON. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

const brand = Symbol.for('candle.error');

/**
 * An expected failure. Every failure that a user can meet is a subclass of its own that writes its sentence;
 * anything else that is thrown is a bug of Candle.
 */
export class CandleError extends Error {
  readonly [brand] = true;
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly exitCode: number = 1;

  constructor(parts: CandleErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = new.target.name;
    this.code = parts.code;
    this.hint = parts.hint;
    this.details = parts.details ?? {};
  }
}

/** By brand and not by class: a plugin may carry a second copy of this module. */
export function isCandleError(value: unknown): value is CandleError {
  return typeof value === 'object' && value !== null && brand in value;
}
