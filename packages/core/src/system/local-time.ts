/** Milliseconds since 1970, the en-US way in the local zone: `1/23/2026, 10:30:00 AM`. */
export function localTime(ms: number): string {
  // Node writes a narrow no-break space before AM and PM, which scripts and terminals stumble over.
  return new Date(ms).toLocaleString('en-US').replaceAll('\u202f', ' ');
}
