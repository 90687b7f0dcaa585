import { type Run, runDir } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import { findMembers, takeProcessSnapshot } from '../members/find-members.ts';
import { findMainProcess } from '../members/main-process.ts';
import { isSame } from '../members/members-of.ts';
import { marksOfRun, observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { ServiceStartsItselfError } from './errors.ts';
import { findLaunch } from './launch.ts';

/** Where a request to start a service comes from. */
export interface Caller {
  /** The live run whose member the calling process is, then the runs that asked for it, directly or through others. */
  readonly runs: readonly Run[];
  /** A person typed the command on a terminal that is not the one of the run. */
  readonly isTyped: boolean;
  /** The command of that run only runs the calling process, directly or through shells and package managers. */
  readonly isCommand: boolean;
}

const outside: Caller = { runs: [], isTyped: false, isCommand: false };

/**
 * Finds the run that the calling process belongs to. The variable CANDLE_RUN_ID alone does not prove it, because an editor
 * that a service has opened passes it on.
 */
export async function findCaller(supervision: Supervision): Promise<Caller> {
  const { store, processes, self, callerEnv, stateDir } = supervision;
  const active = await store.runs.listActive();
  if (active.length === 0) return outside;
  const own = processes.sessionOf(self.pid);
  const candidates = active.filter(
    ({ id, shim }) => id === callerEnv.CANDLE_RUN_ID || (shim && (own?.sid === shim.pid || own?.pgid === shim.pid)),
  );
  for (const run of candidates) {
    const marks = await marksOfRun(supervision, run, active);
    if (!marks) continue;
    const snapshot = takeProcessSnapshot(processes, marks.shim?.startToken);
    // This process is never a member for a stop, because it would stop itself.
    const never = marks.never.filter((pid) => pid !== self.pid);
    const { members } = findMembers(snapshot, { ...marks, never });
    if (!members.some((process) => isSame(process, self))) continue;
    const mains = snapshot.processes.filter(({ ppid }) => ppid === marks.shim?.pid);
    const isOwnTerminal = mains.some(({ pid }) => processes.sessionOf(pid)?.terminal === own?.terminal);
    const main = findMainProcess(members, marks.shim, processes);
    const ids = findLaunch(runDir(stateDir, run.id))?.askedBy ?? [];
    const asked = await Promise.all(ids.map((id) => store.runs.find(id)));
    return {
      runs: [run, ...asked.flatMap((one) => one ?? [])],
      isTyped: own?.terminal !== undefined && !isOwnTerminal,
      isCommand: main.kind === 'found' && main.process.pid === self.pid,
    };
  }
  return outside;
}

/** The runs that a new run records as those that asked for it. A run that is over cannot come back. */
export async function listAskingRuns(supervision: Supervision): Promise<readonly string[]> {
  const { runs, isTyped } = await findCaller(supervision);
  return isTyped ? [] : runs.filter(({ endedAtMs }) => endedAtMs === null).map(({ id }) => id);
}

/** The same as refuseSelfStart for several services, before any of them is touched. */
export async function refuseSelfStarts(supervision: Supervision, keys: readonly ServiceKey[]): Promise<void> {
  const caller = await findCaller(supervision);
  for (const key of keys) await refuseSelfStart(supervision, caller, key);
}

/**
 * Fails if a command that leaves this run as it is would still wait for itself: the run is that command, or is not ready and has
 * asked for it.
 * @throws ServiceStartsItselfError
 */
export async function refuseOwnRun(supervision: Supervision, run: Run, isReady: () => Promise<boolean>): Promise<void> {
  const caller = await findCaller(supervision);
  const at = caller.runs.findIndex(({ id }) => id === run.id);
  const isCommand = at === 0 && caller.isCommand;
  if (at < 0 || (!isCommand && (await isReady()))) return;
  await refuseSelfStart(supervision, caller, { projectDir: run.projectDir, name: run.serviceName });
}

/**
 * Fails if this start would replace a run that has asked for it, because that run would start the service again, without
 * end. A person at a terminal may do that.
 * @throws ServiceStartsItselfError
 */
export async function refuseSelfStart(
  supervision: Supervision,
  { runs, isTyped }: Caller,
  { projectDir, name }: ServiceKey,
): Promise<void> {
  if (isTyped) return;
  const at = runs.findIndex(
    (run) => run.projectDir === projectDir && run.serviceName === name && run.endedAtMs === null,
  );
  const run = runs[at];
  if (run === undefined || !(await observeRun(supervision, run)).isAlive) return;
  const between = runs.slice(0, at).map(({ serviceName }) => serviceName);
  throw new ServiceStartsItselfError({ projectDir, name }, between.toReversed());
}
