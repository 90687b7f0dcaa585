import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StatePaths } from '../translate-error.ts';
import type { RecoveryReport } from './recovery-report.ts';

/** What a damaged database is called from then on; behind it the time, so that none is overwritten. */
export const damagedPrefix = 'state.db.damaged-';

/** The files that make up one database, by what stands behind its name. */
const parts = ['', '-wal', '-shm'] as const;

/** A database that was set aside: its path, whether or not a file is there (of one that was deleted, only the log may be left). */
export interface SetAside {
  readonly path: string;
  readonly database: Buffer;
  readonly log: Buffer;
}

/**
 * Moves the database away with its log. The database goes first: without it nobody begins a new log beside it. When an earlier
 * recovery was killed before it was through, what that one had moved is what is to be restored. Returns its new path.
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

export function readAside(path: string): SetAside {
  return { path, database: contentOf(path), log: contentOf(`${path}-wal`) };
}

/** The newest database that was set aside and that nothing says to have been restored. */
export function findUnfinished(stateDir: string): string | undefined {
  const names = listDamaged(stateDir);
  const newest = names.filter((name) => !names.includes(`${withoutPart(name)}.json`)).at(-1);
  return newest === undefined ? undefined : join(stateDir, withoutPart(newest));
}

/** Everything that damaged databases have left, in the order of their times. */
export function listDamaged(stateDir: string): readonly string[] {
  return readdirSync(stateDir)
    .filter((name) => name.startsWith(damagedPrefix))
    .toSorted();
}

/** Kept beside it: it says that the recovery is through, and what came of it. */
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

function contentOf(path: string): Buffer {
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
}
