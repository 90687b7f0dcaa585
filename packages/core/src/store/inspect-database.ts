import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { StateDamagedError } from './errors.ts';
import { copiedCommit, findDamage } from './last-copy.ts';
import { checkSchema, isOfEarlierBuild, refuseWhileServicesRun, schemaAfter } from './migrate.ts';
import { migrations } from './migrations.ts';
import { type LastCopy, readLastCopy } from './recovery/copied-rows.ts';
import { hasTraces } from './recovery/recover.ts';
import { listDamaged } from './recovery/recovery-report.ts';
import { reservations } from './schema.ts';
import { databasePath, findDatabaseFile, isRolledBack, prepareStateDir, type StatePaths } from './state-dir.ts';
import { translateStoreError } from './translate-error.ts';

export interface DatabaseInspection {
  readonly path: string;
  /**
   * `gone`: the database is missing, but other files show that there was one. `rolled back`: an older copy is in its place.
   */
  readonly condition: 'sound' | 'damaged' | 'rolled back' | 'gone' | 'not made yet';
  /** What is wrong with a damaged database. */
  readonly damage: string | undefined;
  /** The schema version of the database. */
  readonly schema: number | undefined;
  /** The newest schema version that this Candle knows. */
  readonly knownSchema: number;
  /** Undefined if it was never copied. */
  readonly copy: CopyInspection | undefined;
  /** Paths of earlier, damaged databases that were set aside. */
  readonly setAside: readonly string[];
}

export interface CopyInspection {
  /** Milliseconds since 1970. */
  readonly copiedAtMs: number;
  /** Why nothing can be restored from it. */
  readonly problem: string | undefined;
  /** Whether it has the same reservations as the database. */
  readonly isCurrent: boolean;
}

/**
 * Inspects the database of an existing state directory without changing or restoring anything.
 * @throws the errors of opening the database, except damage
 */
export function inspectDatabase(stateDir: string): DatabaseInspection {
  const paths: StatePaths = { stateDir, path: databasePath(stateDir), busyTimeoutMs: 1_000 };
  try {
    prepareStateDir(stateDir);
    const parts = {
      path: paths.path,
      knownSchema: schemaAfter(migrations),
      setAside: listDamaged(stateDir).map((name) => join(stateDir, name)),
    };
    const found = inspectContent(paths);
    if (found !== undefined) return { ...parts, ...found };
    const condition = hasTraces(stateDir) ? 'gone' : 'not made yet';
    return { ...parts, condition, damage: undefined, schema: undefined, copy: undefined };
  } catch (error) {
    throw translateStoreError(error, paths);
  }
}

type ContentInspection = Pick<DatabaseInspection, 'condition' | 'damage' | 'schema' | 'copy'>;

/** Undefined if there is no database. */
function inspectContent(paths: StatePaths): ContentInspection | undefined {
  let sqlite: BetterSqlite3.Database | undefined;
  try {
    if (!findDatabaseFile(paths)) return undefined;
    sqlite = new BetterSqlite3(paths.path, { timeout: paths.busyTimeoutMs, readonly: true });
    const schema = checkSchema(sqlite, paths.path, migrations);
    if (isOfEarlierBuild(schema)) refuseWhileServicesRun(paths.stateDir, sqlite);
    const damage = findDamage(sqlite);
    if (damage !== undefined) return { condition: 'damaged', damage, schema, copy: undefined };
    const isOlder = isRolledBack(sqlite, paths.stateDir, () => copiedCommit(paths.stateDir));
    if (isOlder) return { condition: 'rolled back', damage, schema, copy: undefined };
    return { condition: 'sound', damage, schema, copy: inspectCopy(sqlite, readLastCopy(paths.stateDir, migrations)) };
  } catch (error) {
    const failure = translateStoreError(error, paths);
    if (!(failure instanceof StateDamagedError)) throw failure;
    return { condition: 'damaged', damage: failure.reason, schema: undefined, copy: undefined };
  } finally {
    sqlite?.close();
  }
}

function inspectCopy(sqlite: BetterSqlite3.Database, copy: LastCopy | undefined): CopyInspection | undefined {
  if (copy === undefined) return undefined;
  const { copiedAtMs, content } = copy;
  if ('problem' in content) return { copiedAtMs, problem: content.problem, isCurrent: false };
  const present = drizzle(sqlite).select().from(reservations).orderBy(reservations.port).all();
  const copied = content.rows.reservations.toSorted((a, b) => a.port - b.port);
  return { copiedAtMs, problem: undefined, isCurrent: isDeepStrictEqual(copied, present) };
}
