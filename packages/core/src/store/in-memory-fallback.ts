import BetterSqlite3 from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { Database, Orm, Queries, Write } from './database.ts';
import { isUnwritable, type UnwritableError } from './errors.ts';
import { withoutWal } from './last-copy.ts';
import { migrations } from './migrations.ts';
import { openRestored } from './recovery/recover.ts';
import { services } from './schema.ts';

/** Runs queries on the database and, from the first one that the system refuses, on a copy of it in memory. */
export class InMemoryFallback implements Queries {
  readonly #database: Database;
  readonly #stateDir: string;
  #copy: Promise<InMemoryDatabase> | undefined;
  #refusal: UnwritableError | undefined;

  constructor(database: Database, stateDir: string) {
    this.#database = database;
    this.#stateDir = stateDir;
  }

  get refusal(): UnwritableError | undefined {
    return this.#refusal;
  }

  read<T>(query: (orm: Orm) => T): Promise<T> {
    return this.#run((database) => database.read(query));
  }

  write<T>(work: Write<T>): Promise<T> {
    return this.#run((database) => database.write(work));
  }

  /** Later queries run on the database again. */
  close(): void {
    void this.#copy?.then((copy) => copy.close());
    this.#copy = undefined;
  }

  async #run<T>(query: (database: Queries) => Promise<T>): Promise<T> {
    if (this.#copy === undefined) {
      try {
        return await query(this.#database);
      } catch (error) {
        if (!isUnwritable(error)) throw error;
        this.#refusal ??= error;
        this.#copy ??= openCopy(this.#database, this.#stateDir);
      }
    }
    return query(await this.#copy);
  }
}

/** Its writes wait for each other, as those of the database do. */
class InMemoryDatabase implements Queries {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #orm: Orm;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(sqlite: BetterSqlite3.Database) {
    this.#sqlite = sqlite;
    this.#orm = drizzle(sqlite);
  }

  async read<T>(query: (orm: Orm) => T): Promise<T> {
    return query(this.#orm);
  }

  write<T>(work: Write<T>): Promise<T> {
    const result = this.#lastWrite.then(() => this.#transaction(work));
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  async #transaction<T>(work: Write<T>): Promise<T> {
    this.#sqlite.exec('BEGIN');
    try {
      const result = await work(this.#orm, this.#sqlite);
      this.#sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#sqlite.inTransaction) this.#sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#sqlite.close();
  }
}

async function openCopy(database: Database, stateDir: string): Promise<InMemoryDatabase> {
  const sqlite = await readContent(database, stateDir);
  // Nobody can take a lock, and its owner may be unable to release it.
  drizzle(sqlite).update(services).set({ lockPid: null, lockStartToken: null, lockSinceMs: null }).run();
  return new InMemoryDatabase(sqlite);
}

/** The content of the database or, if it cannot be read either, of its last copy and the records of the runs. */
async function readContent(database: Database, stateDir: string): Promise<BetterSqlite3.Database> {
  try {
    return new BetterSqlite3(withoutWal(await database.content()));
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    return openRestored(stateDir, migrations);
  }
}
