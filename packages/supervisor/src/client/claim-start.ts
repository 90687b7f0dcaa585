import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A supervisor starts within a fraction of this time, so an older claim belongs to a command that was killed. */
const claimLastsMs = 2_000;

function claimPath(stateDir: string): string {
  return join(stateDir, 'supervisor.starting');
}

/**
 * If many commands run at once, one starts the supervisor and the others wait for it. The lock decides which process is
 * the supervisor; the claim only avoids starting dozens of processes that would exit immediately.
 */
export function claimSupervisorStart(stateDir: string, nowMs: number): boolean {
  const path = claimPath(stateDir);
  const age = nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs);
  if (Math.abs(age) > claimLastsMs) rmSync(path, { force: true });
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch {
    return false;
  }
}

/** Removes the claim, because the supervisor is running. */
export function endSupervisorStart(stateDir: string): void {
  rmSync(claimPath(stateDir), { force: true });
}
