import { statSync } from 'node:fs';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { Run } from '../../runs/run.ts';
import { EarlierBuildRunningError, StateTooNewError } from '../errors.ts';
import { lastCopyPath, openLastCopy } from '../last-copy.ts';
import { migrate } from '../migrate.ts';
import type { Migration } from '../migrations.ts';
import { toRun } from '../run-row.ts';
import { portCursor, reservations, runs, services } from '../schema.ts';

/** The content of the last copy of the database, in this Candle's schema. */
export interface CopiedRows {
  readonly reservations: readonly (typeof reservations.$inferSelect)[];
  /** Undefined if no port has ever been assigned. */
  readonly cursor: typeof portCursor.$inferSelect | undefined;
  readonly services: readonly (typeof services.$inferSelect)[];
  readonly runs: readonly Run[];
}

export interface LastCopy {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly copiedAtMs: number;
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
  return found && { path, copiedAtMs: found.mtimeMs, content: readContent(stateDir, steps) };
}

function readContent(stateDir: string, steps: readonly Migration[]): LastCopy['content'] {
  try {
    const sqlite = openLastCopy(stateDir);
    try {
      migrate(sqlite, lastCopyPath(stateDir), steps);
      const orm = drizzle(sqlite);
      const rows = {
        reservations: orm.select().from(reservations).all(),
        cursor: orm.select().from(portCursor).get(),
        services: orm.select().from(services).all(),
        runs: orm.select().from(runs).all().map(toRun),
      };
      return { rows };
    } finally {
      sqlite.close();
    }
  } catch (error) {
    if (error instanceof StateTooNewError || error instanceof EarlierBuildRunningError) throw error;
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
