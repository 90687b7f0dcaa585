import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { runCommand } from '../measure/time-command.ts';
import type { Workspace } from './workbench.ts';

const firstPort = 4000;
const servicesPerProject = 50;

export interface Store {
  /** Removes the reservations of the measured commands and resets the cursor to the first port. */
  rewind(): void;
}

/**
 * Lets candle create a database, then inserts `count` reservations of other projects directly, starting at port 4000.
 */
export async function fillStore(workspace: Workspace, count: number): Promise<Store> {
  await runCommand(workspace.candle(['reserve-port']));
  const path = join(workspace.stateDir, 'state.db');
  write(path, (sqlite) => {
    sqlite.exec('DELETE FROM reservations');
    const insert = sqlite.prepare(
      'INSERT INTO reservations (port, project_dir, service_name, reserved_at_ms, seq) VALUES (?, ?, ?, ?, ?)',
    );
    for (let at = 0; at < count; at++) {
      const projectDir = `/projects/${Math.floor(at / servicesPerProject)}`;
      insert.run(firstPort + at, projectDir, `service-${at % servicesPerProject}`, 1_700_000_000_000 + at, at + 1);
    }
    sqlite.prepare('UPDATE port_cursor SET issued = ?').run(count);
  });
  return {
    rewind: () =>
      write(path, (sqlite) => {
        sqlite.prepare('DELETE FROM reservations WHERE project_dir = ?').run(workspace.projectDir);
        sqlite.prepare('UPDATE port_cursor SET next_port = ?').run(firstPort);
      }),
  };
}

/** Opens and closes the database each time, so that a measured command finds it as it is between two commands. */
function write(path: string, change: (sqlite: BetterSqlite3.Database) => void): void {
  const sqlite = new BetterSqlite3(path);
  try {
    sqlite.transaction(change)(sqlite);
  } finally {
    sqlite.close();
  }
}
