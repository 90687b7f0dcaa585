import { showPath } from '../../errors/quote.ts';
import type { RestoredReservations } from './restore-reservations.ts';
import type { KeyRange } from './walk-table.ts';

/** What became of a database that was damaged or gone. */
export interface RecoveryReport {
  readonly path: string;
  /** Why it could not be used. */
  readonly reason: string;
  /** Where it is now; null: there was none any more. */
  readonly setAside: string | null;
  readonly atMs: number;
  readonly reservations: RestoredReservations;
  /** Since when the older copy is that was looked into; null: there was none. */
  readonly copiedAtMs: number | null;
  /** Runs that are not over as far as Candle knows, and those that are. */
  readonly activeRuns: number;
  readonly endedRuns: number;
}

/** For people, in some lines. */
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
      ? `Warning: Candle's database ${showPath(path)} could not be used (${reason}); a new one was made`
      : `Warning: Candle's database ${showPath(path)} could not be used (${reason}); it was set aside as ${showPath(setAside)}`,
    `Restored: ${restored.join(', ')}${describeSources(report)}`,
    ...(lost.length === 0
      ? []
      : [`Lost: whatever was reserved of ${describePorts(lost)}; who misses a port reserves it again`]),
  ].join('\n');
}

function describeSources({ reservations, copiedAtMs }: RecoveryReport): string {
  const { fromCopy, fromRuns } = reservations;
  const sources = [
    ...(fromCopy > 0 && copiedAtMs !== null
      ? [`${count(fromCopy, 'reservation')} as of ${new Date(copiedAtMs).toISOString()}`]
      : []),
    ...(fromRuns > 0 ? [`${count(fromRuns, 'reservation')} of services that run`] : []),
  ];
  return sources.length === 0 ? '' : `; among them ${sources.join(', ')}`;
}

/** More than this many ranges tell a person nothing. */
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
