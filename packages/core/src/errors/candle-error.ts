import { type Hint, renderHint } from './hint.ts';

/** The parts of a failure. `message` is a sentence without "Error:"; `hint` says what to do, preferably a command to paste. */
export interface CandleErrorParts {
  readonly message: string;
  readonly hint?: Hint | undefined;
  /** The values that the message mentions, safe for JSON. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

const brand = Symbol.for('candle.error');

/**
 * An expected failure. Each failure that a user can meet has its own subclass, which is its only declaration: the code,
 * the message, the hint, and an example for the reference. Anything else that is thrown is a bug in Candle.
 */
export class CandleError extends Error {
  readonly [brand] = true;
  readonly code: string;
  /** The hint as a terminal and `--json` show it. */
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly exitCode: number = 1;
  readonly #hint: Hint | undefined;

  constructor({ message, hint, details = {}, cause }: CandleErrorParts) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    // TypeScript has no abstract static members, so a test checks that every subclass is an ErrorClass.
    this.code = (new.target as unknown as ErrorClass).code;
    this.hint = hint === undefined ? undefined : renderHint(hint);
    this.details = details;
    this.#hint = hint;
  }

  /** The hint of an expected failure, which is plain text if it is an error of a plugin. */
  static hintOf(error: Pick<CandleError, 'hint'>): Hint | undefined {
    return #hint in error ? (error as CandleError).#hint : error.hint;
  }
}

/** Checks the brand, not the class, because a plugin may bundle a second copy of this module. */
export function isCandleError(value: unknown): value is CandleError {
  return typeof value === 'object' && value !== null && brand in value;
}

/** A declared error: a class that extends CandleError. */
export interface ErrorClass {
  readonly name: string;
  /** Permanent, and begins with the area: `PORT_RANGE_EXHAUSTED`. It never changes, because scripts match on it. */
  readonly code: string;
  /** An error as a user would see it. docs/reference/errors.md is generated from it. */
  example(): CandleError;
}

/** The codes of the error classes among the exports of a module. */
export type ErrorCodeIn<Module> = {
  [Name in keyof Module]: Module[Name] extends ErrorClass ? Module[Name]['code'] : never;
}[keyof Module];

/** The error classes among the exports of a module. */
export function errorClassesIn(module: object): readonly ErrorClass[] {
  return Object.values(module).filter(isErrorClass);
}

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === 'function' && 'code' in value && 'example' in value;
}
