import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type Candle, openCandle } from '../src/candle.ts';
import { type Trust, trustOf } from '../src/projects/config-trust.ts';
import type { Database } from '../src/store/database.ts';
import { reservations } from '../src/store/schema.ts';

export interface TemporaryCandle extends Candle {
  /** The ports that were bind-tested, in order. */
  readonly tested: readonly number[];
  /** Another connection to the same database, for operations that no use case has. */
  readonly sqlite: BetterSqlite3.Database;
}

export interface SimulatedMachine {
  /** Whether no other process listens on the port. Default: every port is free. */
  readonly isFree?: (port: number) => boolean | Promise<boolean>;
  readonly ephemeralRange?: Candle['ephemeralRange'];
  readonly nowMs?: () => number;
}

/** Creates a directory that is removed after the test. */
export function temporaryDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'candle-core-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The reserved ports in a database. */
export async function portsIn(database: Database): Promise<readonly number[]> {
  const rows = await database.read(({ orm }) => orm.select().from(reservations).all());
  return rows.map(({ port }) => port);
}

/** Trusts the user who runs the tests, and root. */
export const callerTrust: Trust = trustOf({}, async () => []);

/** Opens a real database in a temporary directory, on a simulated machine. */
export function temporaryCandle(machine: SimulatedMachine = {}): TemporaryCandle {
  const { isFree = () => true, ephemeralRange = { first: 32768, last: 60999 }, nowMs = () => 0 } = machine;
  const stateDir = temporaryDirectory();
  const tested: number[] = [];
  const candle = openCandle(stateDir, {
    portProbe: {
      isFree: async (port) => {
        tested.push(port);
        return isFree(port);
      },
    },
    clock: { nowMs, monotonicMs: nowMs },
    ephemeralRange,
  });
  const sqlite = new BetterSqlite3(join(stateDir, 'state.db'));
  onTestFinished(() => {
    sqlite.close();
    candle.store.close();
  });
  return { ...candle, tested, sqlite };
}

/** Inserts reservations of another project directly, one per port. */
export function fillReservations(sqlite: BetterSqlite3.Database, ports: Iterable<number>): void {
  const insert = sqlite.prepare(
    "INSERT INTO reservations (port, project_dir, service_name, reserved_at_ms, seq) VALUES (?, '/elsewhere', NULL, 0, 0)",
  );
  sqlite.transaction(() => {
    for (const port of ports) insert.run(port);
  })();
}

/** Sets where the next search begins. */
export function setCursor(sqlite: BetterSqlite3.Database, nextPort: number): void {
  sqlite.prepare('INSERT OR REPLACE INTO port_cursor (id, next_port, issued) VALUES (1, ?, 0)').run(nextPort);
}
