import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventsDir } from '../events/events.ts';
import { listRunDrafts, listRunIds, runDir, runsDir } from '../runs/run-record.ts';

/** The names of everything that Candle puts directly into a state directory, except `runs` and `events`. */
const ownNames = /^(state\.db|state\.db[-.].+|recovery\.lock(-journal)?|lock\.db(-.+)?|socket|supervisor[.-].+)$/;

/**
 * Removes Candle's files from a state directory, and the directory itself if nothing else is in it. The database is
 * removed last, so that it still lists everything if this is interrupted. Returns the names of foreign files that are left.
 */
export function eraseState(stateDir: string): readonly string[] {
  if (!existsSync(stateDir)) return [];
  eraseRuns(stateDir);
  // Retry, because the process that runs hooks may be writing there at the moment.
  rmSync(eventsDir(stateDir), { recursive: true, force: true, maxRetries: 3 });
  const names = readdirSync(stateDir).filter((name) => ownNames.test(name));
  for (const name of names.toSorted((a, b) => Number(isDatabase(a)) - Number(isDatabase(b)))) {
    rmSync(join(stateDir, name), { force: true });
  }
  const left = readdirSync(stateDir);
  if (left.length === 0) removeEmptyDir(stateDir);
  return left;
}

function eraseRuns(stateDir: string): void {
  const runs = runsDir(stateDir);
  const ofRuns = listRunIds(stateDir).map((id) => runDir(stateDir, id).path);
  const drafts = listRunDrafts(stateDir).map(({ dir }) => dir.path);
  for (const path of [...ofRuns, ...drafts, join(runs, 'CACHEDIR.TAG')]) rmSync(path, { recursive: true, force: true });
  if (existsSync(runs)) removeEmptyDir(runs);
}

/** Keeps a symbolic link, and a directory to which something was just added. */
function removeEmptyDir(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!['ENOTDIR', 'ENOTEMPTY', 'EACCES', 'EPERM', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
}

function isDatabase(name: string): boolean {
  return /^state\.db(-journal|-wal|-shm)?$/.test(name);
}
