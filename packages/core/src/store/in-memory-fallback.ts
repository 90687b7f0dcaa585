import BetterSqlite3 from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { Database, type Orm, type Queries, type Write } from './database.ts';
import { isUnwritable, type UnwritableError } from './errors.ts';
import { withoutWal } from './last-copy.ts';
import { migrations } from './migrations.ts';
import { openRestored } from './recovery/recover.ts';
import { services } from './schema.ts';
import { fileAt } from './state-dir.ts';

/** Runs queries on the database and, from the first one that the system refuses, on a copy of it in memory. */
export class InMemoryFallback implements Queries {
  readonly #database: Database;
  readonly #stateDir: string;
  #copy: Promise<Database> | undefined;
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

  async #run<T>(query: (database: Database) => Promise<T>): Promise<T> {
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

async function openCopy(database: Database, stateDir: string): Promise<Database> {
  const sqlite = await readContent(database, stateDir);
  // Nobody can take a lock, and its owner may be unable to release it.
  drizzle(sqlite).update(services).set({ lockPid: null, lockStartToken: null, lockSinceMs: null }).run();
  return new Database(
    // It has no file, so the directory stands for it.
    { stateDir, path: stateDir, busyTimeoutMs: 0 },
    {
      connect: () => ({ sqlite, file: fileAt(stateDir) ?? '' }),
      repair: ({ reason }) => {
        throw new Error(`The copy in memory is damaged: ${reason}`);
      },
      verify: () => undefined,
      onChanged: () => undefined,
    },
  );
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
