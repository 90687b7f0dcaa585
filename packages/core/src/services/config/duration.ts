const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Timers of JavaScript overflow shortly after 24.8 days. */
const maxDurationMs = 24 * 24 * 3_600_000;

/**
 * Milliseconds, a whole number from 0 to 24 days, of `500ms`, `10s`, `5m`, `2h`; a bare number is seconds, also as text
 * (`'1.5'`). Undefined for anything else.
 */
export function parseDurationMs(duration: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(String(duration));
  if (match === null) return undefined;
  const milliseconds = Math.round(Number(match[1]) * (unitMs[match[2] ?? 's'] ?? 1000));
  return milliseconds <= maxDurationMs ? milliseconds : undefined;
}
