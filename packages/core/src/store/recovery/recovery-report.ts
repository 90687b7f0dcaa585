import { showPath } from '../../errors/quote.ts';
import type { RestoredReservations } from './restore-reservations.ts';
import type { KeyRange } from './walk-table.ts';

/** The result of restoring a damaged or missing database. */
export interface RecoveryReport {
  readonly path: string;
  /** Why it could not be used. */
  readonly reason: string;
  /** The path to which it was moved; null if it was missing. */
  readonly setAside: string | null;
  readonly atMs: number;
  readonly reservations: RestoredReservations;
  /** When the copy that was used was made, in milliseconds since 1970; null if there was no copy. */
  readonly copiedAtMs: number | null;
  /** Runs that are not over as far as Candle knows. */
  readonly activeRuns: number;
  readonly endedRuns: number;
}

/** Describes a recovery for people, in a few lines. */
export function describeRecovery(report: RecoveryReport): string {
  const { path, reason, setAside, reservations, activeRuns, endedRuns } = report;
  const { fromDatabase, fromCopy, fromRuns, lost } = reservations;
  const restored = [
    count(fromDatabase + fromCopy + fromRuns, 'reservation'),
    count(activeRuns, 'running service'),
    count(endedRuns, 'earlier run'),
  ];
  return [
    setAside === null
      ? `Warning: Candle's database ${showPath(path)} could not be used (${reason}); a new one was created`
      : `Warning: Candle's database ${showPath(path)} could not be used (${reason}); it was set aside as ${showPath(setAside)}`,
    `Restored: ${restored.join(', ')}${describeSources(report)}`,
    ...(lost.length === 0 ? [] : [`Lost: any reservations of ${describePorts(lost)}; reserve missing ports again`]),
  ].join('\n');
}

function describeSources({ reservations, copiedAtMs }: RecoveryReport): string {
  const { fromCopy, fromRuns } = reservations;
  const sources = [
    ...(fromCopy > 0 && copiedAtMs !== null
      ? [`${count(fromCopy, 'reservation')} as of ${new Date(copiedAtMs).toISOString()}`]
      : []),
    ...(fromRuns > 0 ? [`${count(fromRuns, 'reservation')} of running services`] : []),
  ];
  return sources.length === 0 ? '' : `; these include ${sources.join(', ')}`;
}

/** A list with more ranges would not help anyone. */
const shownRanges = 10;

export function describePorts(ranges: readonly KeyRange[]): string {
  const shown = ranges
    .slice(0, shownRanges)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  const single = ranges.length === 1 && ranges[0]?.first === ranges[0]?.last;
  const rest = ranges.length > shownRanges ? ` and ${ranges.length - shownRanges} more ranges` : '';
  return `port${single ? '' : 's'} ${shown.join(', ')}${rest}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
