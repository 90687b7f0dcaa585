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
  /** `gone`: it is not there, and other files say that there was one. */
  readonly condition: 'sound' | 'damaged' | 'gone' | 'not made yet';
  /** Of a damaged one: what is wrong. */
  readonly damage: string | undefined;
  /** Its schema, and the newest that this Candle knows. */
  readonly schema: number | undefined;
  readonly knownSchema: number;
  /** When it was copied last. */
  readonly copiedAtMs: number | undefined;
  /** Paths of what was set aside of earlier, damaged databases. */
  readonly setAside: readonly string[];
}

/**
 * Looks at the database of a state directory that exists, as whoever asks whether all is well: changes and restores nothing.
 * @throws what opening it would throw, but for damage
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
    const found = readInside(paths);
    if (found !== undefined) return { ...parts, ...found };
    const condition = hasTraces(stateDir) ? 'gone' : 'not made yet';
    return { ...parts, condition, damage: undefined, schema: undefined };
  } catch (error) {
    throw translateStoreError(error, paths);
  }
}

type Inside = Pick<DatabaseInspection, 'condition' | 'damage' | 'schema'>;

/** Undefined when there is none. */
function readInside(paths: StatePaths): Inside | undefined {
  let sqlite: BetterSqlite3.Database | undefined;
  try {
    if (!findDatabaseFile(paths)) return undefined;
    sqlite = new BetterSqlite3(paths.path, { timeout: paths.busyTimeoutMs, readonly: true });
    const schema = checkSchema(sqlite, paths.path, migrations);
    if (isOfEarlierBuild(schema)) refuseWhileServicesRun(sqlite, paths.stateDir);
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
