import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { advise, candle, type Hint, renderHint } from '../../errors/hint.ts';
import { quote, showPath } from '../../errors/quote.ts';
import { logParts, type StatePaths } from '../state-dir.ts';
import type { NamedPort, RestoredRows } from './restore-rows.ts';

/** The reason why a database that is intact, but older than the last one, is not used. */
export const rolledBack = 'it was replaced by an older copy';

/** The result of restoring a damaged or missing database. */
export interface RecoveryReport extends RestoredRows {
  readonly path: string;
  /** Why it could not be used. */
  readonly reason: string;
  /** The path to which it was moved; null if it was missing. */
  readonly setAside: string | null;
  /** Why nothing was changed, so that only this process uses what was restored, in memory; null if it was replaced. */
  readonly unwritable: string | null;
  readonly atMs: number;
  /** The last copy of the database; null if there was none. */
  readonly copy: {
    readonly path: string;
    /** Milliseconds since 1970. */
    readonly copiedAtMs: number;
    /** How many changes were made after it; null if that is not known. */
    readonly laterChanges: number | null;
    /** Why it could not be used either; null if it was used. */
    readonly problem: string | null;
  } | null;
}

/** Describes a recovery for people, in a few lines. */
export function describeRecovery(report: RecoveryReport): string {
  const { path, reason, reservations, activeRuns, endedRuns, names } = report;
  const restored = [
    counted(reservations.fromCopy + reservations.fromRuns, 'reservation'),
    counted(activeRuns, 'running service'),
    counted(endedRuns, 'earlier run'),
  ];
  return [
    `Warning: Candle's database ${showPath(path)} could not be used (${reason}); ${describeAction(report)}`,
    `Restored: ${restored.join(', ')}`,
    ...listed('Reserved', names.reservations, reservations.fromCopy + reservations.fromRuns),
    ...listed('Running', names.running, activeRuns),
    ...listed('Not reserved any more', names.lost),
    describeCopy(report),
    ...adviceOn(report).map((hint) => renderHint(hint)),
  ].join('\n');
}

function describeAction({ setAside, unwritable }: RecoveryReport): string {
  if (unwritable !== null) return `it cannot be replaced (${unwritable}), so this command reads a copy in memory`;
  return setAside === null ? 'a new one was created' : `it was set aside as ${showPath(setAside)}`;
}

/** The report beside the database that was set aside has more of them. */
const maxShown = 10;

function listed(title: string, names: readonly NamedPort[], total = names.length): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, maxShown).map(describeName);
  const more = total > shown.length ? [`and ${counted(total - shown.length, 'other')}`] : [];
  return [`${title}: ${[...shown, ...more].join('; ')}`];
}

function describeName({ port, projectDir, serviceName }: NamedPort): string {
  const what = [
    ...(serviceName === null ? [] : [quote(serviceName)]),
    ...(port === null ? [] : [serviceName === null ? `port ${port}` : `on port ${port}`]),
  ];
  return `${what.join(' ')} of ${showPath(projectDir)}`;
}

function describeCopy({ copy, atMs }: RecoveryReport): string {
  if (copy?.problem === null) {
    const age = `The copy ${showPath(copy.path)} was ${describeAge(atMs - copy.copiedAtMs)} old`;
    if (copy.laterChanges === 0) return `${age} and contained the last recorded change, so no reservation is lost`;
    const changes = copy.laterChanges === null ? 'later changes' : counted(copy.laterChanges, 'later change');
    return `${age} and did not contain ${changes}: ports that were reserved since are lost, except those of running services`;
  }
  const why = copy === null ? 'There was no copy' : `The copy ${showPath(copy.path)} is damaged too (${copy.problem})`;
  return `${why}; ports of services that are not running are lost`;
}

/** What to type if a reservation may be missing. */
function adviceOn({ copy, reason, names }: RecoveryReport): readonly Hint[] {
  const isComplete = copy?.problem === null && copy.laterChanges === 0;
  const [first] = names.lost;
  const again =
    first?.port == null || first.serviceName === null
      ? candle('get-or-reserve-port', 'NAME')
      : candle('reserve-port', first.serviceName, '--port', String(first.port), '--project', first.projectDir);
  const missing = [
    advise('To see all reservations', candle('list-reserved-ports', '--all')),
    advise('To reserve a port again', again),
  ];
  const details = advise('For details', candle('get-doc', 'replaced-database'));
  return [...(isComplete ? [] : missing), ...(reason === rolledBack ? [details] : [])];
}

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
] as const;

/** In the largest unit of which there are at least two. A copy from the future was made before the clock was corrected. */
function describeAge(ms: number): string {
  const unit = units.find((each) => ms >= 2 * each.ms) ?? { name: 's', ms: 1_000 };
  return `${Math.max(0, Math.floor(ms / unit.ms))} ${unit.name}`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The name must match the files that `erase-database` removes. */
function noticePath(stateDir: string): string {
  return join(stateDir, 'supervisor.notice');
}

/** Leaves a notice of a recovery in a process without a terminal for the next command that can report it. */
export function leaveRecoveryNotice(stateDir: string, text: string): void {
  writeFileSync(noticePath(stateDir), text, { mode: 0o600 });
}

/** Takes the notice; of several concurrent processes, only one gets it. Undefined if there is none. */
export function takeRecoveryNotice(stateDir: string): string | undefined {
  const taken = `${noticePath(stateDir)}.${process.pid}`;
  try {
    renameSync(noticePath(stateDir), taken);
  } catch {
    return undefined;
  }
  const text = readFileSync(taken, 'utf8');
  rmSync(taken, { force: true });
  return text;
}

/** The new name of a damaged database, followed by the time, so that none is overwritten. */
const damagedPrefix = 'state.db.damaged-';

/** The suffixes of the files that make up one database. */
const parts = ['', ...logParts, '-shm'] as const;

/**
 * Moves the database and its logs away, because SQLite would apply them to the next database. The database is moved first,
 * because without it no process creates a new log. If
 * an earlier recovery was killed before it finished, the files that it moved are used. Returns the new path.
 */
export function setDatabaseAside({ stateDir, path }: StatePaths, nowMs: number): string {
  const unfinished = findUnfinished(stateDir);
  const isHere = existsSync(path);
  const continues = unfinished !== undefined && !isHere;
  const aside = continues ? unfinished : freeName(stateDir, nowMs);
  for (const part of parts) {
    if (isPart(`${path}${part}`) && !existsSync(`${aside}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`);
  }
  return aside;
}

/** SQLite leaves an empty journal after each write. */
function isPart(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && (found.size > 0 || !path.endsWith('-journal'));
}

/** The newest database that was set aside and has no report, so its recovery is not finished. */
export function findUnfinished(stateDir: string): string | undefined {
  const names = listDamaged(stateDir);
  const newest = names.filter((name) => !names.includes(`${withoutPart(name)}.json`)).at(-1);
  return newest === undefined ? undefined : join(stateDir, withoutPart(newest));
}

/** The names of all files of damaged databases, in order of time. */
export function listDamaged(stateDir: string): readonly string[] {
  return readdirSync(stateDir)
    .filter((name) => name.startsWith(damagedPrefix))
    .toSorted();
}

/** Writes the report next to the database that was set aside. It marks the recovery as finished. */
export function writeReport(aside: string, report: RecoveryReport): void {
  writeFileSync(`${aside}.json`, JSON.stringify(report, null, 2), { mode: 0o600 });
}

function withoutPart(name: string): string {
  return name.replace(/(-journal|-wal|-shm|\.json)$/, '');
}

function freeName(stateDir: string, nowMs: number): string {
  for (let atMs = nowMs; ; atMs++) {
    const name = `${damagedPrefix}${new Date(atMs).toISOString().replaceAll(/[-:]/g, '')}`;
    if (!listDamaged(stateDir).some((taken) => withoutPart(taken) === name)) return join(stateDir, name);
  }
}
