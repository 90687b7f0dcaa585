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
