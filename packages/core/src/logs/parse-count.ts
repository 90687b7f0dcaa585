import { CandleError } from '../errors/candle-error.ts';
import { quote } from '../errors/quote.ts';

/** The text is not a number of lines. */
export class InvalidCountError extends CandleError {
  constructor(text: string) {
    super({
      code: 'LOGS_COUNT_INVALID',
      message: `${quote(text)} is not a number of lines`,
      hint: 'Use a whole number, 0 or more: candle logs -n 100',
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
