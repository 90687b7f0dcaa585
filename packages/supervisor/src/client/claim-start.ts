import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A supervisor is up within a fraction of this; an older claim is of a command that was killed. */
const claimLastsMs = 2_000;

function claimPath(stateDir: string): string {
  return join(stateDir, 'supervisor.starting');
}

/**
 * Of many commands at once one starts the supervisor and the others wait for it. The lock decides who is the supervisor;
 * this only saves the start of dozens that would leave at once.
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

/** The supervisor is there. */
export function endSupervisorStart(stateDir: string): void {
  rmSync(claimPath(stateDir), { force: true });
}
