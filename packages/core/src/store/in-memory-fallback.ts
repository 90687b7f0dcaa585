import BetterSqlite3 from 'better-sqlite3';
import { Access } from './connection.ts';
import type { Database, Queries, Write } from './database.ts';
import { isUnwritable, type UnwritableError } from './errors.ts';
import { withoutWal } from './last-copy.ts';
import { migrations } from './migrations.ts';
import { openRestored } from './recovery/recover.ts';

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

  read<T>(query: (access: Access) => T): Promise<T> {
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
  readonly #access: Access;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(sqlite: BetterSqlite3.Database) {
    this.#sqlite = sqlite;
    this.#access = new Access(sqlite);
  }

  async read<T>(query: (access: Access) => T): Promise<T> {
    return query(this.#access);
  }

  write<T>(work: Write<T>): Promise<T> {
    const result = this.#lastWrite.then(() => this.#transaction(work));
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  async #transaction<T>(work: Write<T>): Promise<T> {
    this.#sqlite.exec('BEGIN');
    try {
      const result = await work(this.#access);
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
  sqlite.exec('UPDATE services SET lock_pid = NULL, lock_start_token = NULL, lock_since_ms = NULL');
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
