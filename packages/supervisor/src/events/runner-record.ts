import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsDir } from '@candle/core/events';
import type { ProcessIdentity } from '@candle/core/runs';
import { throwIfOutOfFiles } from '@candle/core/system';
import { claimStart } from '../system/background-process.ts';
import type { ProcessTable } from '../system/process-table.ts';

/** A runner starts within a fraction of this time. An older claim is from a process that was killed. Milliseconds. */
const claimLastsMs = 5_000;

function recordPath(stateDir: string): string {
  return join(eventsDir(stateDir), 'runner.json');
}

function claimPath(stateDir: string): string {
  return join(eventsDir(stateDir), 'runner.starting');
}

/**
 * Whether the process that delivers events to plugins is alive. It takes all events that were queued before it removed its
 * record.
 */
export function hasRunner(stateDir: string, processes: ProcessTable): boolean {
  try {
    const { pid, startToken }: ProcessIdentity = JSON.parse(readFileSync(recordPath(stateDir), 'utf8'));
    return processes.isAlive({ pid, startToken });
  } catch (error) {
    throwIfOutOfFiles(error);
    return false;
  }
}

/** From now on, no process starts another runner. */
export function writeRunnerRecord(stateDir: string, self: ProcessIdentity): void {
  writeFileSync(recordPath(stateDir), JSON.stringify(self), { mode: 0o600 });
  rmSync(claimPath(stateDir), { force: true });
}

export function removeRunnerRecord(stateDir: string): void {
  rmSync(recordPath(stateDir), { force: true });
}

/**
 * If many processes raise events at once, one of them starts the runner. Two runners would share the work, so no lock is
 * needed.
 */
export function claimRunnerStart(stateDir: string, nowMs: number): boolean {
  return claimStart(claimPath(stateDir), { lastsMs: claimLastsMs, nowMs });
}
