import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { type Run, runDir } from '@candle/core/runs';
import { throwIfOutOfFiles, writeProblemOf } from '@candle/core/system';
import { noteInStore, removeFile } from '../observe/record-run.ts';
import type { Supervision } from '../supervision.ts';

/** Why a run that was ready is not ready. */
export interface LostReadiness {
  readonly sinceMs: number;
  /** What its readiness check is missing, as part of a sentence. */
  readonly reason: string;
}

/** Undefined for a run that is ready, or that has never been ready. `run` must be alive. */
export function findLostReadiness({ stateDir }: Pick<Supervision, 'stateDir'>, run: Run): LostReadiness | undefined {
  if (run.status !== 'running') return undefined;
  try {
    const lost: Partial<LostReadiness> = JSON.parse(readFileSync(runDir(stateDir, run.id).notReady, 'utf8'));
    const { sinceMs, reason } = lost;
    return typeof sinceMs === 'number' && typeof reason === 'string' ? { sinceMs, reason } : undefined;
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
}

/** Records that a run is not ready any more. If the disk is full, only the reason is missing. */
export async function recordLostReadiness(
  { store, stateDir }: Supervision,
  run: Run,
  lost: LostReadiness,
): Promise<void> {
  const path = runDir(stateDir, run.id).notReady;
  const draft = `${path}.${process.pid}`;
  try {
    await writeFile(draft, JSON.stringify(lost), { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    if (writeProblemOf(error) === undefined && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await noteInStore(store.runs.apply(run.id, { kind: 'unready' }));
}

export function clearLostReadiness({ stateDir }: Pick<Supervision, 'stateDir'>, run: Run): Promise<void> {
  return removeFile(runDir(stateDir, run.id).notReady);
}
