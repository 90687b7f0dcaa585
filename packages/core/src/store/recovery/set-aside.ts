import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StatePaths } from '../translate-error.ts';
import type { RecoveryReport } from './recovery-report.ts';

/** The new name of a damaged database, followed by the time, so that none is overwritten. */
const damagedPrefix = 'state.db.damaged-';

/** The suffixes of the files that make up one database. */
const parts = ['', '-wal', '-shm'] as const;

/**
 * Moves the database and its log away. The database is moved first, because without it no process creates a new log. If
 * an earlier recovery was killed before it finished, the files that it moved are used. Returns the new path.
 */
export function setDatabaseAside({ stateDir, path }: StatePaths, nowMs: number): string {
  const unfinished = findUnfinished(stateDir);
  const isHere = existsSync(path);
  const continues = unfinished !== undefined && !isHere;
  const aside = continues ? unfinished : freeName(stateDir, nowMs);
  for (const part of parts) {
    if (existsSync(`${path}${part}`) && !existsSync(`${aside}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`);
  }
  return aside;
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
  return name.replace(/(-wal|-shm|\.json)$/, '');
}

function freeName(stateDir: string, nowMs: number): string {
  for (let atMs = nowMs; ; atMs++) {
    const name = `${damagedPrefix}${new Date(atMs).toISOString().replaceAll(/[-:]/g, '')}`;
    if (!listDamaged(stateDir).some((taken) => withoutPart(taken) === name)) return join(stateDir, name);
  }
}
