/** Formats milliseconds since 1970 in en-US style and the local time zone: `1/23/2026, 10:30:00 AM`. Node's own formatter takes milliseconds to load. */
export function localTime(ms: number): string {
  const time = new Date(ms);
  const hours = time.getHours();
  const [minutes, seconds] = [time.getMinutes(), time.getSeconds()].map((value) => String(value).padStart(2, '0'));
  const day = `${time.getMonth() + 1}/${time.getDate()}/${time.getFullYear()}`;
  return `${day}, ${hours % 12 || 12}:${minutes}:${seconds} ${hours < 12 ? 'AM' : 'PM'}`;
}
