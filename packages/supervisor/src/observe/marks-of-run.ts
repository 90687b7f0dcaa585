import { readFileSync } from 'node:fs';
import { type Run, readRecord, runDir } from '@candle/core';
import { findSupervisor } from '../client/supervisor-record.ts';
import type { RecordedMember, RunMarks } from '../members/run-marks.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/is-of-this-boot.ts';
import type { ProcessTable } from '../system/process-table.ts';

/**
 * The marks that identify the processes of a run; undefined if the run is from another boot, whose pids are
 * no longer meaningful. `active`: all active runs, to avoid reading them again for each of many runs.
 */
export async function marksOfRun(
  supervision: Supervision,
  run: Run,
  active?: readonly Run[] | undefined,
): Promise<RunMarks | undefined> {
  const { stateDir, store, processes, self } = supervision;
  if (!isOfThisBoot(processes, run.bootId)) return undefined;
  const dir = runDir(stateDir, run.id);
  const others = (active ?? (await store.runs.listActive())).filter(
    ({ id, bootId }) => id !== run.id && isOfThisBoot(processes, bootId),
  );
  return {
    runId: run.id,
    runDir: dir.path,
    uid: process.geteuid?.() ?? 0,
    shim: run.shim ?? identifyShim(supervision, readRecord(dir.pid), run),
    port: run.port ?? undefined,
    // A service is not started while another process listens on the reserved port.
    portTestedFree: true,
    recorded: readRecordedMembers(dir.members),
    otherShims: others.flatMap(({ shim }) => shim ?? []),
    never: [self.pid, ...supervisorPids(stateDir, processes)],
  };
}

/** Excluded from the members, because the supervisor may have been started from inside a service. */
function supervisorPids(stateDir: string, processes: ProcessTable): readonly number[] {
  const supervisor = findSupervisor(stateDir, processes);
  return supervisor ? [supervisor.pid, ...(supervisor.watchdog ? [supervisor.watchdog.pid] : [])] : [];
}

/** For a start that was interrupted between the spawn and its commit: the shim itself has written its pid. */
function identifyShim({ processes }: Supervision, pid: number | undefined, run: Run) {
  if (pid === undefined) return undefined;
  const process = processes.snapshot().find((candidate) => candidate.pid === pid);
  return process?.runId === run.id ? { pid, startToken: process.startToken } : undefined;
}

/** The members recorded earlier: `members.json` in the directory of the run. */
export function readRecordedMembers(path: string): readonly RecordedMember[] {
  try {
    const members: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(members) ? members.filter(isRecordedMember) : [];
  } catch {
    return [];
  }
}

function isRecordedMember(value: unknown): value is RecordedMember {
  return typeof value === 'object' && value !== null && 'pid' in value && 'startToken' in value;
}
