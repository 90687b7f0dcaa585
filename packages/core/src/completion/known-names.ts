import BetterSqlite3 from 'better-sqlite3';
import { findConfigPath, readConfigFile } from '../config/read-config.ts';
import { findServiceNameProblem } from '../config/service-fields.ts';
import { listServiceNodes, nameOf, parseSyntaxTree } from '../config/syntax-tree.ts';
import { type Trust, type TrustEnvironment, trustOf } from '../projects/config-trust.ts';
import { findProject } from '../projects/find-project.ts';
import { databasePath, resolveStateDir } from '../store/state-dir.ts';

/** A reservation as far as a shell shows it. */
export interface KnownReservation {
  readonly port: number;
  /** Null for a project-level port. */
  readonly name: string | null;
  readonly projectDir: string;
}

export interface KnownNames {
  /** Configured services in the order of the file, then others that were started. */
  readonly services: readonly string[];
  readonly runningServices: readonly string[];
  /** In order of port. */
  readonly reservations: readonly KnownReservation[];
}

/** The user whose state is read. */
interface Caller {
  readonly env: TrustEnvironment & Readonly<Record<string, string | undefined>>;
  readonly home: string | undefined;
  readonly cwd: string;
}

/**
 * The names in a project, for the completion of a command line. While the user types, nothing may be created, changed or
 * waited for, and no error shown. The result lacks the names that cannot be read at once.
 * @param startDir an absolute path in a project
 */
export async function readKnownNames(startDir: string, caller: Caller): Promise<KnownNames> {
  const database = new NamesReader(caller);
  try {
    const home = caller.home ?? '/';
    const trust = trustOf(caller.env, async (dir) => database.listOwners(dir));
    const knownAmong = async (dirs: readonly string[]) => dirs.filter((dir) => database.isProject(dir));
    const { dir } = await findProject({ startDir, home, allowNew: false, knownAmong, trust });
    const configured = await listConfigured(dir, trust).catch(() => []);
    const services = [...new Set([...configured, ...database.listServices(dir)])];
    const runningServices = database.listRunningServices(dir);
    return { services, runningServices, reservations: database.listReservations(dir) };
  } catch {
    return { services: [], runningServices: [], reservations: [] };
  } finally {
    database.close();
  }
}

/** The reservations of all projects, in order of port. */
export function readAllReservations(caller: Caller): readonly KnownReservation[] {
  const database = new NamesReader(caller);
  const reservations = database.listReservations();
  database.close();
  return reservations;
}

/** The services of a configuration, which may be incomplete because its user is editing it. */
async function listConfigured(projectDir: string, trust: Trust): Promise<readonly string[]> {
  const path = findConfigPath(projectDir);
  const file = path === undefined ? undefined : await readConfigFile(path, trust);
  const { root } = parseSyntaxTree(file?.text ?? '');
  const names = root === undefined ? [] : listServiceNodes(root).flatMap((node) => nameOf(node) ?? []);
  return names.filter((name) => findServiceNameProblem(name) === undefined);
}

/** Reads the database without drizzle, which would take longer to load than the rest of a completion. */
class NamesReader {
  readonly #sqlite: BetterSqlite3.Database | undefined;

  constructor({ env, home, cwd }: Caller) {
    try {
      const path = databasePath(resolveStateDir(env, { home, cwd }));
      this.#sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 0 });
    } catch {
      // There is no database yet, or it cannot be opened.
    }
  }

  /** Those of which more than the output is left: they are transient or running, or have a reserved port. */
  listServices(projectDir: string): readonly string[] {
    const same = 'project_dir = services.project_dir AND service_name = services.name';
    const isLeft = `shell IS NOT NULL OR EXISTS (SELECT 1 FROM reservations WHERE ${same})
      OR EXISTS (SELECT 1 FROM runs WHERE ${same} AND ended_at_ms IS NULL)`;
    const sql = `SELECT name FROM services WHERE project_dir = ? AND (${isLeft})`;
    return this.#query<{ name: string }>(sql, projectDir).map(({ name }) => name);
  }

  listRunningServices(projectDir: string): readonly string[] {
    const sql = 'SELECT DISTINCT service_name AS name FROM runs WHERE project_dir = ? AND ended_at_ms IS NULL';
    return this.#query<{ name: string }>(sql, projectDir).map(({ name }) => name);
  }

  listReservations(projectDir?: string): readonly KnownReservation[] {
    const columns = 'port, service_name AS name, project_dir AS projectDir';
    return projectDir === undefined
      ? this.#query(`SELECT ${columns} FROM reservations ORDER BY port`)
      : this.#query(`SELECT ${columns} FROM reservations WHERE project_dir = ? ORDER BY port`, projectDir);
  }

  listOwners(dir: string): readonly number[] {
    return this.#query<{ uid: number }>('SELECT owner_uid AS uid FROM trusted_dirs WHERE dir = ?', dir).map(
      ({ uid }) => uid,
    );
  }

  isProject(dir: string): boolean {
    const tables = 'SELECT project_dir FROM reservations UNION SELECT project_dir FROM services';
    return this.#query(`SELECT 1 FROM (${tables}) WHERE project_dir = ? LIMIT 1`, dir).length > 0;
  }

  close(): void {
    this.#sqlite?.close();
  }

  /** Empty if another process has the database locked, or if its schema is different. */
  #query<Row>(sql: string, ...values: readonly string[]): readonly Row[] {
    try {
      return this.#sqlite?.prepare<unknown[], Row>(sql).all(...values) ?? [];
    } catch {
      return [];
    }
  }
}
