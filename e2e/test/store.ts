import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Sandbox } from '@candle/test-kit';
import { onTestFinished } from 'vitest';

/** Opens another connection to the sandbox's database, which is created if it does not exist. Waits for locks of Candle. */
export async function openStore(box: Sandbox): Promise<DatabaseSync> {
  await box.candle(['list-reserved-ports', '--all']);
  const database = new DatabaseSync(join(box.stateDir, 'state.db'), { timeout: 10_000 });
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

/** Inserts reservations as if another project had made them over time. */
export async function fillStore(box: Sandbox, ports: Iterable<number>): Promise<void> {
  const database = await openStore(box);
  const insert = database.prepare(
    "INSERT INTO reservations (port, project_dir, service_name, reserved_at_ms, seq) VALUES (?, '/elsewhere', NULL, 0, 0)",
  );
  database.exec('BEGIN');
  for (const port of ports) insert.run(port);
  database.exec('COMMIT');
  database.close();
}

/** Sets where the next search for a port begins, as if all lower ports had been assigned already. */
export async function moveCursor(box: Sandbox, nextPort: number): Promise<void> {
  const database = await openStore(box);
  database.prepare('INSERT OR REPLACE INTO port_cursor (id, next_port, issued) VALUES (1, ?, 0)').run(nextPort);
  database.close();
}

/** Returns the ports from first to last, without the excepted ones. */
export function portsFrom(first: number, last: number, except: readonly number[] = []): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((port) => !except.includes(port));
}
