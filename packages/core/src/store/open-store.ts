import { inArray } from 'drizzle-orm';
import { copyDatabase } from './last-copy.ts';
import { type OpenOptions, openDatabase } from './open-database.ts';
import { RecentCopy } from './recent-copy.ts';
import { createReservationStore } from './reservation-store.ts';
import { createRunStore } from './run-store.ts';
import { reservations, services } from './schema.ts';
import { createServiceStore } from './service-store.ts';
import type { Store } from './store.ts';

/** Opens the state directory's database, and creates both if they are missing. Must be closed. */
export function openStore(
  stateDir: string,
  { copyAfterMs, ...options }: Pick<OpenOptions, 'onRecovered' | 'schemaSteps'> & { copyAfterMs?: number } = {},
): Store {
  const copy = new RecentCopy(async () => {
    // After `erase-database`, a copy would restore what was erased.
    if (database.isInPlace()) await database.write((_, sqlite) => copyDatabase(sqlite, stateDir));
  }, copyAfterMs);
  const database = openDatabase(stateDir, { ...options, onChanged: () => copy.schedule() });
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
    copySoon: () => copy.schedule(),
    finishCopy: () => copy.finish(),
    exclusively: (work) => database.exclusively(work),
    close: () => {
      copy.cancel();
      database.close();
    },
  };
}
