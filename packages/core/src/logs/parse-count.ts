import { CandleError } from '../errors/candle-error.ts';
import { candle } from '../errors/hint.ts';
import { quote } from '../errors/quote.ts';

/** How many lines are shown if no number is requested. */
export const defaultLineCount = 100;

/** The text is not a number of lines. */
export class InvalidCountError extends CandleError {
  static readonly code = 'LOGS_COUNT_INVALID';
  static example() {
    return new InvalidCountError('many');
  }

  constructor(text: string) {
    super({
      message: `${quote(text)} is not a number of lines`,
      hint: { instruction: 'Use a whole number, 0 or more', example: candle('logs', '-n', '100') },
      details: { text },
    });
  }
}

/**
 * Parses a number of lines, 0 or more.
 * @throws InvalidCountError
 */
export function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidCountError(text);
  return Number(text);
}
