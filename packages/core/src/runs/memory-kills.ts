import { readFileSync } from 'node:fs';
import type { MemoryKills, Run } from './run.ts';
import { findRunRecord, noteInRunRecord, type RunDir } from './run-record.ts';
import type { RunState } from './run-status.ts';

const cgroups = '/sys/fs/cgroup';
const machineFile = '/proc/vmstat';

/** The count for this process and its children; undefined on systems without one. */
export function countMemoryKills(read: (file: string) => string = readText): MemoryKills | undefined {
  for (const file of [...ownCgroupFiles(read), machineFile]) {
    const atStart = readCount(file, read);
    if (atStart !== undefined) return { file, atStart };
  }
  return undefined;
}

function ownCgroupFiles(read: (file: string) => string): readonly string[] {
  const path = /^0::(\/.*)$/m.exec(attempt(() => read('/proc/self/cgroup')) ?? '')?.[1];
  return path === undefined ? [] : [`${cgroups}${path === '/' ? '' : path}/memory.events`];
}

/** Both files have such a line. */
function readCount(file: string, read: (file: string) => string): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(attempt(() => read(file)) ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

type UnrequestedKill = Pick<RunState, 'exitSignal' | 'endReason'>;

/** Whether a program was killed with SIGKILL, which it could neither report nor handle, and not by Candle. */
function isUnrequestedKill({ exitSignal, endReason }: UnrequestedKill): boolean {
  return exitSignal === 'SIGKILL' && endReason === 'exited';
}

/** Who killed the program of a run, as far as that is known, as a clause; undefined unless it is an unrequested kill. Pure. */
export function describeKill(end: UnrequestedKill, kills: MemoryKills | undefined): string | undefined {
  if (!isUnrequestedKill(end)) return undefined;
  const during = kills === undefined ? 0 : (kills.atEnd ?? kills.atStart) - kills.atStart;
  if (during <= 0) return 'SIGKILL came from another program or the system, not from Candle';
  const processes = during === 1 ? 'a process' : `${during} processes`;
  return `SIGKILL probably came from the kernel's OOM killer: it has killed ${processes} for lack of memory during the run`;
}

/** The same, from the record of the run. */
export function findKillReason(dir: RunDir, end: UnrequestedKill): string | undefined {
  if (!isUnrequestedKill(end)) return undefined;
  const kills = findRunRecord(dir)?.memoryKills;
  return describeKill(end, kills && withEnd(kills));
}

/** Notes the end of a run in its record. Of a run that was killed, also the count at its end: it may rise later. */
export async function noteRunEnd(dir: RunDir, ended: Run): Promise<void> {
  const kills = isUnrequestedKill(ended) ? findRunRecord(dir)?.memoryKills : undefined;
  await noteInRunRecord(dir, ended, kills && { memoryKills: withEnd(kills) });
}

function withEnd(kills: MemoryKills): MemoryKills {
  return { ...kills, atEnd: kills.atEnd ?? readCount(kills.file, readText) };
}
