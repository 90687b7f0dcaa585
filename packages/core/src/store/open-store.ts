import { inArray } from 'drizzle-orm';
import { openDatabase } from './open-database.ts';
import { createReservationStore } from './reservation-store.ts';
import { createRunStore } from './run-store.ts';
import { reservations, services } from './schema.ts';
import { createServiceStore } from './service-store.ts';
import type { Store } from './store.ts';

/** Opens the state directory's database, making both when they are missing. Must be closed. */
export function openStore(stateDir: string): Store {
  const database = openDatabase(stateDir);
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
    close: () => database.close(),
  };
}
