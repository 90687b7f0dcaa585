import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name must match the files that `erase-database` removes. */
function noticePath(stateDir: string): string {
  return join(stateDir, 'supervisor.notice');
}

/** Leaves a notice of a recovery in a process without a terminal for the next command that can report it. */
export function leaveRecoveryNotice(stateDir: string, text: string): void {
  writeFileSync(noticePath(stateDir), text, { mode: 0o600 });
}

/** Takes the notice; of several concurrent processes, only one gets it. Undefined if there is none. */
export function takeRecoveryNotice(stateDir: string): string | undefined {
  const taken = `${noticePath(stateDir)}.${process.pid}`;
  try {
    renameSync(noticePath(stateDir), taken);
  } catch {
    return undefined;
  }
  const text = readFileSync(taken, 'utf8');
  rmSync(taken, { force: true });
  return text;
}
