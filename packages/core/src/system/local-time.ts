/** Formats milliseconds since 1970 in en-US style and the local time zone: `1/23/2026, 10:30:00 AM`. Node's own formatter takes milliseconds to load. */
export function localTime(ms: number): string {
  const time = new Date(ms);
  const hours = time.getHours();
  const [minutes, seconds] = [time.getMinutes(), time.getSeconds()].map((value) => String(value).padStart(2, '0'));
  const day = `${time.getMonth() + 1}/${time.getDate()}/${time.getFullYear()}`;
  return `${day}, ${hours % 12 || 12}:${minutes}:${seconds} ${hours < 12 ? 'AM' : 'PM'}`;
}

/**
 * Milliseconds on a clock that all processes of one boot share and that nobody can set. The first use of `performance` loads
 * modules that short commands do not need.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
