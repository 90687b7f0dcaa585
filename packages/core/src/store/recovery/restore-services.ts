import { and, eq, isNull, max } from 'drizzle-orm';
import type { RunRecord } from '../../runs/run-record.ts';
import type { Orm } from '../database.ts';
import { runs, services } from '../schema.ts';
import { newestFirst } from './restore-run-records.ts';
import type { Row } from './table-layout.ts';

/**
 * Adds services that are not in the database yet, from the copy of the database or otherwise from their runs. A service
 * that runs continues to run, and a recovery starts nothing.
 */
export function restoreServices(
  orm: Orm,
  { copied, records }: { copied: readonly Row[]; records: readonly RunRecord[] },
) {
  for (const row of copied) {
    add(orm, {
      projectDir: String(row.project_dir),
      name: String(row.name),
      shell: textOf(row.shell),
      root: textOf(row.root),
      generation: numberOf(row.generation) ?? 0,
      logMaxBytes: numberOf(row.log_max_bytes),
      logMaxAgeMs: numberOf(row.log_max_age_ms),
    });
  }
  for (const { run, transient } of newestFirst(records)) {
    const { projectDir, serviceName: name, generation } = run;
    add(orm, { projectDir, name, shell: transient?.shell ?? null, root: transient?.root ?? null, generation });
  }
}

type KnownParts = Pick<
  typeof services.$inferInsert,
  'projectDir' | 'name' | 'shell' | 'root' | 'generation' | 'logMaxBytes' | 'logMaxAgeMs'
>;

function add(orm: Orm, service: KnownParts): void {
  const isHere = and(eq(runs.projectDir, service.projectDir), eq(runs.serviceName, service.name));
  const newest =
    orm
      .select({ generation: max(runs.generation) })
      .from(runs)
      .where(isHere)
      .get()?.generation ?? 0;
  const active = orm
    .select({ id: runs.id })
    .from(runs)
    .where(and(isHere, isNull(runs.endedAtMs)))
    .get();
  orm
    .insert(services)
    .values({
      ...service,
      desired: active ? 'up' : 'down',
      generation: Math.max(service.generation, newest),
      requestVerb: 'start',
      // A process that does not exist, because no process waits for this request.
      requestPid: 0,
      requestStartToken: '',
    })
    .onConflictDoNothing()
    .run();
}

function textOf(value: Row[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: Row[string] | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
