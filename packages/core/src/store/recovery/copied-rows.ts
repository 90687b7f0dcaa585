import { statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { Run } from '../../runs/run.ts';
import { EarlierBuildRunningError, StateTooNewError } from '../errors.ts';
import { lastCopyPath, openInMemory, openLastCopy } from '../last-copy.ts';
import { migrate } from '../migrate.ts';
import type { Migration } from '../migrations.ts';
import { toRun } from '../run-store.ts';
import { portCursor, reservations, runs, services, setups, shownCommands, trustedDirs } from '../schema.ts';
import { commitNumber } from '../state-dir.ts';

/** The content of the last copy of the database, in this Candle's schema. */
export interface CopiedRows {
  readonly reservations: readonly (typeof reservations.$inferSelect)[];
  /** Undefined if no port has ever been assigned. */
  readonly cursor: typeof portCursor.$inferSelect | undefined;
  readonly services: readonly (typeof services.$inferSelect)[];
  readonly runs: readonly Run[];
  readonly trustedDirs: readonly (typeof trustedDirs.$inferSelect)[];
  readonly shownCommands: readonly (typeof shownCommands.$inferSelect)[];
  readonly setups: readonly (typeof setups.$inferSelect)[];
}

export interface LastCopy {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly copiedAtMs: number;
  /** Its commit number; 0 if it cannot be used. */
  readonly commit: number;
  /** Why it cannot be used, or its rows. */
  readonly content: { readonly problem: string } | { readonly rows: CopiedRows };
}

/**
 * Reads the last copy of the database; undefined if there is none. Leaves the file unchanged.
 * @throws StateTooNewError if a newer Candle made it, because that one can restore more; EarlierBuildRunningError
 */
export function readLastCopy(stateDir: string, steps: readonly Migration[]): LastCopy | undefined {
  const path = lastCopyPath(stateDir);
  const found = statSync(path, { throwIfNoEntry: false });
  return found && { path, copiedAtMs: found.mtimeMs, ...readContent(() => openLastCopy(stateDir), path, steps) };
}

/**
 * Reads an older copy that was found in the place of the database, as if it were the last copy. The time of its file may be
 * that of its copying, so it counts as old as its newest row.
 */
export function readReplaced(older: BetterSqlite3.Database, path: string, steps: readonly Migration[]): LastCopy {
  const found = readContent(() => openInMemory(older.serialize()), path, steps);
  return { path, copiedAtMs: 'rows' in found.content ? newestTimeOf(found.content.rows) : 0, ...found };
}

function newestTimeOf({ reservations, runs }: CopiedRows): number {
  const times = [
    ...reservations.map(({ reservedAtMs }) => reservedAtMs),
    ...runs.map(({ startedAtMs, endedAtMs }) => endedAtMs ?? startedAtMs),
  ];
  return times.reduce((newest, time) => Math.max(newest, time), 0);
}

function readContent(
  open: () => BetterSqlite3.Database,
  path: string,
  steps: readonly Migration[],
): Pick<LastCopy, 'commit' | 'content'> {
  try {
    const sqlite = open();
    try {
      migrate(sqlite, path, steps);
      const orm = drizzle(sqlite);
      const rows = {
        reservations: orm.select().from(reservations).all(),
        cursor: orm.select().from(portCursor).get(),
        services: orm.select().from(services).all(),
        runs: orm.select().from(runs).all().map(toRun),
        trustedDirs: orm.select().from(trustedDirs).all(),
        shownCommands: orm.select().from(shownCommands).all(),
        setups: orm.select().from(setups).all(),
      };
      return { commit: commitNumber(sqlite), content: { rows } };
    } finally {
      sqlite.close();
    }
  } catch (error) {
    if (error instanceof StateTooNewError || error instanceof EarlierBuildRunningError) throw error;
    return { commit: 0, content: { problem: error instanceof Error ? error.message : String(error) } };
  }
}
