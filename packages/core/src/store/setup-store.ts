import { eq } from 'drizzle-orm';
import type { Queries } from './database.ts';
import { setups } from './schema.ts';

/** Which setup was completed in each project. */
export interface SetupStore {
  /** The fingerprint of the last setup that was completed in the project. */
  find(projectDir: string): Promise<string | undefined>;
  record(projectDir: string, fingerprint: string, doneAtMs: number): Promise<void>;
}

export function createSetupStore(database: Queries): SetupStore {
  return {
    find: (projectDir) =>
      database.read(({ orm }) => orm.select().from(setups).where(eq(setups.projectDir, projectDir)).get()?.fingerprint),
    record: (projectDir, fingerprint, doneAtMs) =>
      database.write(({ orm }) => {
        const row = { projectDir, fingerprint, doneAtMs };
        orm.insert(setups).values(row).onConflictDoUpdate({ target: setups.projectDir, set: row }).run();
      }),
  };
}
