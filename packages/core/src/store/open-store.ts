import { existsSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { Connection } from './connection.ts';
import { Database, maxBlockMs, type Queries } from './database.ts';
import { isUnwritable, StateDamagedError, type UnwritableError } from './errors.ts';
import { copiedCommit, copyDatabase, createDatabase } from './last-copy.ts';
import { migrate, refuseTooNew, useRollbackJournal } from './migrate.ts';
import { type Migration, migrations } from './migrations.ts';
import { connectToCopy, type Damage, hasTraces, openUnrecovered, recover } from './recovery/recover.ts';
import { findUnfinished, type RecoveryReport, rolledBack } from './recovery/recovery-report.ts';
import { createReservationStore } from './reservation-store.ts';
import { createRunStore } from './run-store.ts';
import { createServiceStore } from './service-store.ts';
import { createSetupStore } from './setup-store.ts';
import {
  databasePath,
  findDatabaseFile,
  isRolledBack,
  noTables,
  noteCommit,
  prepareStateDir,
  readableFileAt,
  type StatePaths,
} from './state-dir.ts';
import type { Store } from './store.ts';
import { translateStoreError } from './translate-error.ts';
import { createTrustStore } from './trust-store.ts';

/** Opens the state directory's database, unless it is given, and creates both if they are missing. Must be closed. */
export function openStore(
  stateDir: string,
  {
    copyAfterMs,
    database: given,
    ...options
  }: Pick<OpenOptions, 'onRecovered' | 'schemaSteps' | 'isShared'> & { copyAfterMs?: number; database?: Database } = {},
): Store {
  const copy = new RecentCopy(async () => {
    // After `erase-database`, a copy would restore what was erased.
    if (database.isInPlace()) await database.write(({ sqlite }) => copyDatabase(sqlite, stateDir));
  }, copyAfterMs);
  const database = given ?? openDatabase(stateDir, { ...options, onChanged: () => copy.schedule() });
  const general: Omit<Store, keyof Tables> = {
    projectsAmong: (dirs) =>
      database.read((access) => {
        const known = 'SELECT project_dir AS dir FROM reservations UNION SELECT project_dir FROM services';
        const query = `SELECT dir FROM (${known}) WHERE dir IN (SELECT value FROM json_each(?))`;
        return access.list<{ dir: string }>(query, JSON.stringify(dirs)).map(({ dir }) => dir);
      }),
    changes: () => database.changes(),
    replacements: () => database.replacements,
    isInPlace: () => database.isInPlace(),
    isTooNew: () => database.isTooNew(),
    copySoon: () => copy.schedule(),
    finishCopy: () => copy.finish(),
    exclusively: (work) => database.exclusively(work),
    orInMemory: async () => {
      // Loaded only here: most commands do not need it.
      const { InMemoryFallback } = await import('./in-memory-fallback.ts');
      const queries = new InMemoryFallback(database, stateDir);
      const { services: inMemory, ...tables } = tablesOf(queries);
      return {
        ...general,
        ...tables,
        services: {
          ...inMemory,
          // It may have been taken in the database, just before nothing could be written any more.
          unlock: async (...lock) => {
            await inMemory.unlock(...lock);
            if (queries.refusal !== undefined) await store.services.unlock(...lock);
          },
        },
        refusal: () => queries.refusal,
        close: () => queries.close(),
      };
    },
    close: () => {
      copy.cancel();
      database.close();
    },
  };
  const store: Store = Object.assign(tablesOf(database), general);
  return store;
}

type Tables = Pick<Store, 'reservations' | 'services' | 'runs' | 'trust' | 'setups'>;

/** The parts of a store, each created at its first use. */
function tablesOf(queries: Queries): Tables {
  const reservationStore = once(() => createReservationStore(queries));
  const serviceStore = once(() => createServiceStore(queries));
  const runStore = once(() => createRunStore(queries));
  const trustStore = once(() => createTrustStore(queries));
  const setupStore = once(() => createSetupStore(queries));
  return {
    get reservations() {
      return reservationStore();
    },
    get services() {
      return serviceStore();
    },
    get runs() {
      return runStore();
    },
    get trust() {
      return trustStore();
    },
    get setups() {
      return setupStore();
    },
  };
}

/** Calls `create` at the first use: most commands use only one of the stores. */
function once<T extends object>(create: () => T): () => T {
  let created: T | undefined;
  return () => {
    created ??= create();
    return created;
  };
}

/**
 * Long enough for some hundred writers in a row, each with an fdatasync, because SQLite does not queue writers, and for the
 * restoration of the largest database, which takes some seconds.
 */
const busyTimeoutMs = 30_000;

/** The maximum number of attempts when a new database is damaged or moved away again. */
const maxTries = 5;

export interface OpenOptions {
  readonly schemaSteps?: readonly Migration[] | undefined;
  /**
   * Called when this process has replaced a damaged, missing or older database. Called once if it cannot be replaced, and the
   * process reads what would be restored.
   */
  readonly onRecovered?: ((report: RecoveryReport) => void) | undefined;
  /** The process serves several clients, so it blocks only shortly even while it opens the database. */
  readonly isShared?: boolean | undefined;
  /** Called when this process has migrated, restored or written to the database. */
  readonly onChanged?: (() => void) | undefined;
}

/**
 * Opens state.db, and creates it and its directory if they are missing. A database that is damaged or older than the last
 * one is set aside and its known content restored, now and whenever that is found later. Many processes may do this at once.
 */
export function openDatabase(
  stateDir: string,
  { schemaSteps = migrations, onRecovered, onChanged = () => undefined, isShared = false }: OpenOptions = {},
): Database {
  const paths: StatePaths = { stateDir, path: databasePath(stateDir), busyTimeoutMs };
  const bounded = { ...paths, busyTimeoutMs: maxBlockMs };
  // A command has nothing else to do while it opens the database.
  let waiting = isShared ? bounded : paths;
  let isUnrecoveredReported = false;
  const readUnrecovered = ({ file, reason }: Damage, refusal: UnwritableError): Connection => {
    const { sqlite, report } = openUnrecovered(paths, schemaSteps, { reason, unwritable: refusal.reason });
    if (!isUnrecoveredReported) onRecovered?.(report);
    isUnrecoveredReported = true;
    sqlite.pragma('query_only = ON');
    return { sqlite, file, refusal };
  };
  const repair = (damage: Damage): Connection | undefined => {
    try {
      const report = recover(waiting, schemaSteps, damage);
      if (report === undefined) return undefined;
      isUnrecoveredReported = false;
      onRecovered?.(report);
      onChanged();
      return undefined;
    } catch (error) {
      const failure = translateStoreError(error, waiting);
      if (isUnwritable(failure)) return readUnrecovered(damage, failure);
      throw failure;
    }
  };
  const database = new Database(paths, {
    connect: () => connect(waiting, { schemaSteps, repair, onChanged }),
    repair,
    verify: (sqlite) => refuseTooNew(sqlite, paths.path, schemaSteps),
    verifyCommit: (sqlite) => refuseRolledBack(sqlite, paths),
    isRestorable: () => existsSync(stateDir) && hasTraces(stateDir),
    onChanged: (commit) => {
      noteCommit(stateDir, commit);
      onChanged();
    },
  });
  waiting = bounded;
  return database;
}

function refuseRolledBack(sqlite: BetterSqlite3.Database, { stateDir, path }: StatePaths): void {
  if (isRolledBack(sqlite, stateDir, () => copiedCommit(stateDir))) throw new StateDamagedError(path, rolledBack);
}

interface Connecting {
  readonly schemaSteps: readonly Migration[];
  readonly repair: (damage: Damage) => Connection | undefined;
  readonly onChanged: () => void;
}

function connect(paths: StatePaths, { schemaSteps, repair, onChanged }: Connecting): Connection {
  for (let tried = 1; ; tried++) {
    const file = readableFileAt(paths.path);
    try {
      const connection = tryConnect(paths, schemaSteps, onChanged);
      if (connection) return connection;
      if (tried >= maxTries) throw new StateDamagedError(paths.path, 'it was replaced repeatedly');
    } catch (error) {
      const failure = translateStoreError(error, paths);
      const copy = isUnwritable(failure) ? connectToCopy(paths, schemaSteps, failure) : undefined;
      if (copy !== undefined) return copy;
      // Another process has replaced it meanwhile.
      const isOther = readableFileAt(paths.path) !== file;
      if (tried >= maxTries || !(failure instanceof StateDamagedError || isOther)) throw failure;
      const restored = failure instanceof StateDamagedError ? repair({ file, reason: failure.reason }) : undefined;
      if (restored !== undefined) return restored;
    }
  }
}

/** Undefined if the database was moved away before its journal was opened, because that may then belong to another database. */
function tryConnect(paths: StatePaths, steps: readonly Migration[], onMigrated: () => void): Connection | undefined {
  const { stateDir, path } = paths;
  prepareStateDir(stateDir);
  if (!findDatabaseFile(paths)) {
    if (hasTraces(stateDir)) throw new StateDamagedError(path, whyMissing(stateDir));
    createDatabase(paths, steps);
  }
  const file = readableFileAt(path);
  const sqlite = new BetterSqlite3(path, { timeout: paths.busyTimeoutMs, fileMustExist: true });
  try {
    const isEmpty = sqlite.pragma('schema_version', { simple: true }) === 0;
    if (file === undefined || readableFileAt(path) !== file) {
      sqlite.close();
      return undefined;
    }
    // Every database gets its tables before its name, so another program is writing over it.
    if (isEmpty) throw new StateDamagedError(path, noTables);
    if (migrate(sqlite, path, steps)) onMigrated();
    // Only now, because a database that this Candle may not use must stay as it is.
    return { sqlite, file, isWal: !useRollbackJournal(sqlite) };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function whyMissing(stateDir: string): string {
  return findUnfinished(stateDir) === undefined ? 'it is missing' : 'its recovery was interrupted';
}

/** The longest time after a change until it is copied. A copy may then wait for a lock within the promised minute. Milliseconds. */
const copyAfterMs = 30_000;

/**
 * Makes the copies of a database: at most one for all changes within a period, and at the latest at `finish`. A failure,
 * for example on a full disk, is not an error: the copy stays due, and is tried again after the same time.
 */
class RecentCopy {
  readonly #copy: () => Promise<void>;
  readonly #afterMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lastCopy: Promise<void> = Promise.resolve();

  constructor(copy: () => Promise<void>, afterMs = copyAfterMs) {
    this.#copy = copy;
    this.#afterMs = afterMs;
  }

  /** Makes a copy due. The timer does not keep the process running. */
  schedule(): void {
    this.#timer ??= setTimeout(() => void this.finish(), this.#afterMs).unref();
  }

  /** Makes the copy now if it is due, and waits for one that is being made. */
  async finish(): Promise<void> {
    if (this.#timer !== undefined) {
      this.cancel();
      this.#lastCopy = this.#lastCopy.then(this.#copy).catch(() => this.schedule());
    }
    await this.#lastCopy;
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
