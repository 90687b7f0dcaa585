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
  return claimStart(claimPath(stateDir), { lastsMs: claimLastsMs, nowMs });
}

/** Creates the file of a claim, which replaces one that is too old; false if another process has the claim. */
export function claimStart(path: string, { lastsMs, nowMs }: { lastsMs: number; nowMs: number }): boolean {
  const ageMs = nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs);
  if (Math.abs(ageMs) > lastsMs) rmSync(path, { force: true });
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
