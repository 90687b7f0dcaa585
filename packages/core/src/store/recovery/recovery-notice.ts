import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Matches what `erase-database` takes for Candle's own. */
function noticePath(stateDir: string): string {
  return join(stateDir, 'supervisor.notice');
}

/** Leaves what a process without a terminal has restored for the next command that can say it. */
export function leaveRecoveryNotice(stateDir: string, text: string): void {
  writeFileSync(noticePath(stateDir), text, { mode: 0o600 });
}

/** Takes what was left; of many at once one gets it. Undefined when there is nothing. */
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
