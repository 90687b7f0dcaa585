import { CandleError } from '../errors/candle-error.ts';
import { advise, candle, lines, phrase } from '../errors/hint.ts';
import { quote } from '../errors/quote.ts';

/** An empty text would match every line. */
export class EmptyPatternError extends CandleError {
  static readonly code = 'LOGS_PATTERN_EMPTY';
  static example() {
    return new EmptyPatternError();
  }

  constructor() {
    super({
      message: 'The search text must not be empty',
      hint: { instruction: 'Pass part of the line', example: candle('logs', '--grep', 'Error') },
    });
  }
}

/** Why an expression is not accepted. */
export interface PatternProblem {
  readonly reason: string;
  /** The character at which the problem begins, from 1; undefined if it is the whole expression. */
  readonly position?: number | undefined;
}

/** Longer expressions are cut in messages. Characters. */
const maxPatternShown = 200;

/** The text is not a regular expression that Candle supports. */
export class InvalidPatternError extends CandleError {
  static readonly code = 'LOGS_PATTERN_INVALID';
  static example() {
    return new InvalidPatternError('(?=ready)', { reason: 'look-around is not supported: (?=' });
  }
  readonly reason: string;

  constructor(text: string, { reason, position }: PatternProblem, cause?: unknown) {
    const shown = text.length > maxPatternShown ? `${text.slice(0, maxPatternShown)}…` : text;
    super({
      message: `${quote(shown)} is not a regular expression that Candle supports: ${reason}`,
      hint: lines(
        phrase('To search for it as plain text, omit ', { option: 'regex' }),
        advise('For details', candle('get-doc', 'expressions')),
      ),
      details: { text: shown, reason, position: position ?? null },
      cause,
    });
    this.reason = reason;
  }
}
