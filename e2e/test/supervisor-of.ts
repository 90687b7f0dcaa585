import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';

export interface SupervisorFacts {
  readonly pid: number;
  readonly version: string;
  readonly watchdog: { readonly pid: number } | null;
  readonly isUnfreed: boolean;
}

/** Returns the supervisor from supervisor.json if it is running. */
export function findSupervisor(box: Sandbox): SupervisorFacts | undefined {
  try {
    const facts: SupervisorFacts = JSON.parse(readFileSync(join(box.stateDir, 'supervisor.json'), 'utf8'));
    return isRunning(facts.pid) ? facts : undefined;
  } catch {
    return undefined;
  }
}

export function awaitSupervisor(box: Sandbox, except?: number): Promise<SupervisorFacts> {
  return until(
    'a supervisor is running',
    () => {
      const found = findSupervisor(box);
      return found?.pid === except ? undefined : found;
    },
    { explain: () => explain(box) },
  );
}

export async function awaitNoSupervisor(box: Sandbox): Promise<void> {
  await until('the supervisor and its watchdog have exited', () => supervisorProcesses(box).length === 0, {
    explain: () => explain(box),
  });
}

/** Ends the supervisor in an orderly way. Its services keep running. */
export async function endSupervisor(box: Sandbox): Promise<void> {
  process.kill((await awaitSupervisor(box)).pid, 'SIGTERM');
  await awaitNoSupervisor(box);
}

/** Returns the pids of all supervisors and watchdogs of the sandbox. */
export function supervisorProcesses(box: Sandbox): readonly number[] {
  return box.background().flatMap(({ pid, command }) => (/candle-(supervisor|watchdog)/.test(command) ? [pid] : []));
}

/** Kills a process with SIGKILL, as the out-of-memory killer does. */
export function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function explain(box: Sandbox): string {
  const log = readIfExists(join(box.stateDir, 'supervisor.log'));
  return `${JSON.stringify([...box.processes(), ...box.background()], null, 2)}\nsupervisor.log: ${log}`;
}

function readIfExists(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '(none)';
  }
}
