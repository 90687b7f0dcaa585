import { eraseState, findRunRecord, isShimAlive, listRunIds, runDir, type ServiceKey } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { EraseWhileRunningError } from './errors.ts';

export { describeErasable } from './errors.ts';

/** A state directory; its ledger may be beyond use (the disk is full), and then only its files speak. */
export interface EraseTarget {
  readonly stateDir: string;
  readonly supervision: Supervision | undefined;
}

export interface ErasableState {
  readonly stateDir: string;
  /** Null when the ledger cannot be read. */
  readonly reservationCount: number | null;
  /** Those that have a reservation or a service. */
  readonly projectCount: number | null;
}

export interface ErasedState extends ErasableState {
  /** What else stands in the state directory: it is not Candle's, so it stays. */
  readonly keptNames: readonly string[];
}

/** What erasing would delete. @throws EraseWhileRunningError */
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

/** Deletes all that is Candle's in a state directory; nothing can be started meanwhile. @throws EraseWhileRunningError */
export async function eraseDatabase(target: EraseTarget): Promise<ErasedState> {
  const erase = async () => ({ ...(await surveyErasable(target)), keptNames: eraseState(target.stateDir) });
  return target.supervision === undefined ? erase() : target.supervision.store.exclusively(erase);
}

/** By the ledger, and by the run directories, which may know of more. */
async function runningServices({ stateDir, supervision }: EraseTarget): Promise<readonly ServiceKey[]> {
  const running = new Map<string, ServiceKey>();
  for (const id of listRunIds(stateDir)) {
    const dir = runDir(stateDir, id);
    if (!isShimAlive(dir)) continue;
    const run = findRunRecord(dir)?.run;
    running.set(id, { name: run?.serviceName ?? id, projectDir: run?.projectDir ?? 'a project that is not known' });
  }
  for (const run of (await supervision?.store.runs.listActive()) ?? []) {
    if (supervision && (await observeRun(supervision, run)).isAlive) {
      running.set(run.id, { name: run.serviceName, projectDir: run.projectDir });
    }
  }
  return [...running.values()];
}
