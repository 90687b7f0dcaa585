import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Matches what `erase-database` takes for Candle's own. */
function newsPath(stateDir: string): string {
  return join(stateDir, 'supervisor.news');
}

/** Leaves what a process without a terminal has restored for the next command that can say it. */
export function leaveRecoveryNews(stateDir: string, text: string): void {
  writeFileSync(newsPath(stateDir), text, { mode: 0o600 });
}

/** Takes what was left; of many at once one gets it. Undefined when there is nothing. */
export function takeRecoveryNews(stateDir: string): string | undefined {
  const taken = `${newsPath(stateDir)}.${process.pid}`;
  try {
    renameSync(newsPath(stateDir), taken);
  } catch {
    return undefined;
  }
  const text = readFileSync(taken, 'utf8');
  rmSync(taken, { force: true });
  return text;
}
