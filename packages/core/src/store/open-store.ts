import { inArray } from 'drizzle-orm';
import { copyDatabase } from './last-copy.ts';
import { type OpenOptions, openDatabase } from './open-database.ts';
import { createReservationStore } from './reservation-store.ts';
import { createRunStore } from './run-store.ts';
import { reservations, services } from './schema.ts';
import { createServiceStore } from './service-store.ts';
import type { Store } from './store.ts';

/** Opens the state directory's database, and creates both if they are missing. Must be closed. */
export function openStore(stateDir: string, options: Pick<OpenOptions, 'onRecovered'> = {}): Store {
  const database = openDatabase(stateDir, options);
  return {
    reservations: createReservationStore(database),
    services: createServiceStore(database),
    runs: createRunStore(database),
    projectsAmong: (dirs) =>
      database.read((orm) =>
        [reservations, services].flatMap((table) =>
          orm
            .selectDistinct({ dir: table.projectDir })
            .from(table)
            .where(inArray(table.projectDir, [...dirs]))
            .all()
            .map(({ dir }) => dir),
        ),
      ),
    changes: () => database.changes(),
    isInPlace: () => database.isInPlace(),
    isTooNew: () => database.isTooNew(),
    copy: () => database.withConnection((sqlite) => copyDatabase(sqlite, stateDir)),
    exclusively: (work) => database.exclusively(work),
    close: () => database.close(),
  };
}
