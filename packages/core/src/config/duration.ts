import { CandleError } from '../errors/candle-error.ts';
import { quote } from '../errors/quote.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** JavaScript timers overflow shortly after 24.8 days. */
const maxDurationMs = 24 * 24 * 3_600_000;

/** How long a wait lasts at most, if nothing else is requested or configured. */
export const defaultWaitMs = 30_000;

/**
 * Parses `500ms`, `10s`, `5m` or `2h`; a number without a unit is in seconds, also as text (`'1.5'`). Returns a whole number
 * of milliseconds from 0 to 24 days; undefined for anything else.
 */
export function parseDurationMs(duration: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(String(duration));
  if (match === null) return undefined;
  const milliseconds = Math.round(Number(match[1]) * (unitMs[match[2] ?? 's'] ?? 1000));
  return milliseconds <= maxDurationMs ? milliseconds : undefined;
}

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
