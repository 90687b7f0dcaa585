import { parseDurationMs } from '../config/duration.ts';
import { InvalidCountError, InvalidLogTimeError } from './errors.ts';

/** How many lines are shown if no number is requested. */
export const defaultLineCount = 100;

/**
 * Parses a number of lines, 0 or more.
 * @throws InvalidCountError
 */
export function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidCountError(text);
  return Number(text);
}

const dayMs = 24 * 3_600_000;

/**
 * Parses a point in time to milliseconds since 1970. The text is a duration ago (`10m`, `2h`, `1d`; a bare number means
 * seconds), or an ISO 8601 date or time, local unless it has a time zone. A date means its beginning.
 * @throws InvalidLogTimeError
 */
export function parseLogTime(text: string, nowMs: number): number {
  const agoMs = parseDurationMs(text) ?? daysMs(text);
  const atMs = agoMs === undefined ? isoMs(text) : nowMs - agoMs;
  if (Number.isNaN(atMs)) throw new InvalidLogTimeError(text);
  return atMs;
}

function daysMs(text: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d+)?)d$/.exec(text);
  return match ? Number(match[1]) * dayMs : undefined;
}

/** NaN if the text is not a time. `Date.parse` would read a date without a time as UTC. */
function isoMs(text: string): number {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return Date.parse(`${text}T00:00:00`);
  const isTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?$/i.test(text);
  return isTime ? Date.parse(text.replace(' ', 'T').replace(',', '.')) : Number.NaN;
}
