import { findRunRecord, isEarlierShimAlive, isShimAlive, listRunIds, runDir } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import { eraseState } from '@candle/core/store';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { type ErasableState, EraseWhileRunningError } from './errors.ts';

/** A state directory. Its database may be unusable, for example because the disk is full; then only its files are known. */
export interface EraseTarget {
  readonly stateDir: string;
  /** Undefined if the database is unusable. */
  readonly supervision: Supervision | undefined;
}

export interface ErasedState extends ErasableState {
  /** Names of other files in the state directory. They do not belong to Candle and are kept. */
  readonly keptNames: readonly string[];
}

/** Returns what erasing would delete. @throws EraseWhileRunningError */
export async function surveyErasable(target: EraseTarget): Promise<ErasableState> {
  const { stateDir, supervision } = target;
  const running = await runningServices(target);
  if (running.length > 0) throw new EraseWhileRunningError(running);
  if (supervision === undefined) return { stateDir, reservationCount: null, projectCount: null };
  const reservations = await supervision.store.reservations.list();
  const services = await supervision.store.services.list();
  const projects = new Set([...reservations, ...services].map(({ projectDir }) => projectDir));
  return { stateDir, reservationCount: reservations.length, projectCount: projects.size };
}

/** Deletes all of Candle's files in a state directory. Nothing can be started in the meantime. @throws EraseWhileRunningError */
export async function eraseDatabase(target: EraseTarget): Promise<ErasedState> {
  const erase = async () => ({ ...(await surveyErasable(target)), keptNames: eraseState(target.stateDir) });
  return target.supervision === undefined ? erase() : target.supervision.store.exclusively(erase);
}

/** From the database and from the run directories, which may contain more. */
async function runningServices({ stateDir, supervision }: EraseTarget): Promise<readonly ServiceKey[]> {
  const running = new Map<string, ServiceKey>();
  for (const id of listRunIds(stateDir)) {
    const dir = runDir(stateDir, id);
    if (!isShimAlive(dir) && !isEarlierShimAlive(dir)) continue;
    const run = findRunRecord(dir)?.run;
    running.set(id, { name: run?.serviceName ?? id, projectDir: run?.projectDir ?? 'an unknown project' });
  }
  for (const run of (await supervision?.store.runs.listActive()) ?? []) {
    if (supervision && (await observeRun(supervision, run)).isAlive) {
      running.set(run.id, { name: run.serviceName, projectDir: run.projectDir });
    }
  }
  return [...running.values()];
}
