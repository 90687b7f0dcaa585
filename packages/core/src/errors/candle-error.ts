/** The parts of a failure. `message` is a sentence without "Error:"; `hint` says what to do, preferably a command to paste. */
export interface CandleErrorParts {
  /** Permanent name that begins with the area: `PORT_RANGE_EXHAUSTED`. It never changes, because scripts match on it. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The values that the message mentions, safe for JSON. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

const brand = Symbol.for('candle.error');

/**
 * An expected failure. Each failure that a user can meet has its own subclass, which writes the message.
 * Anything else that is thrown is a bug in Candle.
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

/** Checks the brand, not the class, because a plugin may bundle a second copy of this module. */
export function isCandleError(value: unknown): value is CandleError {
  return typeof value === 'object' && value !== null && brand in value;
}
