import { CandleError } from '../errors/candle-error.ts';
import { quote } from '../errors/quote.ts';
import { parseDurationMs } from './duration.ts';

/** A command-line value is not a duration. */
export class InvalidDurationError extends CandleError {
  static readonly code = 'SERVICE_DURATION_INVALID';
  static example() {
    return new InvalidDurationError('soon', '--wait');
  }

  /** @param flag as typed: `--timeout` */
  constructor(text: string, flag: string) {
    super({
      message: `${quote(text)} is not a duration from 0 to 24 days`,
      hint: `Use a number of seconds, or a number with a unit: ${flag} 30, ${flag} 500ms, ${flag} 5m, ${flag} 2h`,
      details: { text, flag },
    });
  }
}

/**
 * Parses a duration given with a flag; returns milliseconds.
 * @throws InvalidDurationError
 */
export function parseDurationFlag(text: string, flag: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === undefined) throw new InvalidDurationError(text, flag);
  return durationMs;
}
