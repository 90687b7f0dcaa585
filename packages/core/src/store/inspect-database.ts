import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { findDatabaseFile } from './database-file.ts';
import { isOfEarlierBuild, refuseWhileServicesRun } from './earlier-build.ts';
import { StateDamagedError } from './errors.ts';
import { findDamage, findLastCopyTime } from './last-copy.ts';
import { checkSchema, schemaAfter } from './migrate.ts';
import { migrations } from './migrations.ts';
import { hasTraces } from './recovery/recover.ts';
import { listDamaged } from './recovery/set-aside.ts';
import { prepareStateDir } from './state-dir.ts';
import { type StatePaths, translateStoreError } from './translate-error.ts';

export interface DatabaseInspection {
  readonly path: string;
  /** `gone`: the database is missing, but other files show that there was one. */
  readonly condition: 'sound' | 'damaged' | 'gone' | 'not made yet';
  /** What is wrong with a damaged database. */
  readonly damage: string | undefined;
  /** The schema version of the database. */
  readonly schema: number | undefined;
  /** The newest schema version that this Candle knows. */
  readonly knownSchema: number;
  /** When it was last copied, in milliseconds since 1970. */
  readonly copiedAtMs: number | undefined;
  /** Paths of earlier, damaged databases that were set aside. */
  readonly setAside: readonly string[];
}

/**
 * Inspects the database of an existing state directory without changing or restoring anything.
 * @throws the errors of opening the database, except damage
 */
export function inspectDatabase(stateDir: string): DatabaseInspection {
  const paths: StatePaths = { stateDir, path: join(stateDir, 'state.db'), busyTimeoutMs: 1_000 };
  try {
    prepareStateDir(stateDir);
    const parts = {
      path: paths.path,
      knownSchema: schemaAfter(migrations),
      copiedAtMs: findLastCopyTime(stateDir),
      setAside: listDamaged(stateDir).map((name) => join(stateDir, name)),
    };
    const found = inspectContent(paths);
    if (found !== undefined) return { ...parts, ...found };
    const condition = hasTraces(stateDir) ? 'gone' : 'not made yet';
    return { ...parts, condition, damage: undefined, schema: undefined };
  } catch (error) {
    throw translateStoreError(error, paths);
  }
}

type ContentInspection = Pick<DatabaseInspection, 'condition' | 'damage' | 'schema'>;

/** Undefined if there is no database. */
function inspectContent(paths: StatePaths): ContentInspection | undefined {
  let sqlite: BetterSqlite3.Database | undefined;
  try {
    if (!findDatabaseFile(paths)) return undefined;
    sqlite = new BetterSqlite3(paths.path, { timeout: paths.busyTimeoutMs, readonly: true });
    const schema = checkSchema(sqlite, paths.path, migrations);
    if (isOfEarlierBuild(schema)) refuseWhileServicesRun(paths.stateDir, sqlite);
    const damage = findDamage(sqlite);
    return { condition: damage === undefined ? 'sound' : 'damaged', damage, schema };
  } catch (error) {
    const failure = translateStoreError(error, paths);
    if (!(failure instanceof StateDamagedError)) throw failure;
    return { condition: 'damaged', damage: failure.reason, schema: undefined };
  } finally {
    sqlite?.close();
  }
}
