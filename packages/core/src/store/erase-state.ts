import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventsDir } from '../events/event-queue.ts';
import { runsDir } from '../runs/run-dir.ts';
import { listRunIds } from '../runs/run-record.ts';

/** Everything that Candle puts beside each other into a state directory, but `runs` and `events`. */
const ownNames = /^(state\.db|state\.db[-.].+|recovery\.lock(-journal)?|lock\.db(-.+)?|socket|supervisor[.-].+)$/;

/**
 * Removes what is Candle's from a state directory, and the directory itself when nothing else is in it. The database goes last:
 * when this is cut off, it still says what there was. Returns the names of what was left, as it is somebody else's.
 */
export function eraseState(stateDir: string): readonly string[] {
  if (!existsSync(stateDir)) return [];
  eraseRuns(stateDir);
  // Who tells plugins of events may just be putting something there.
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
  for (const name of [...listRunIds(stateDir), 'CACHEDIR.TAG'])
    rmSync(join(runs, name), { recursive: true, force: true });
  if (existsSync(runs)) removeEmptyDir(runs);
}

/** One that is a symbolic link stays, and so does one into which somebody has just put something. */
function removeEmptyDir(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!['ENOTDIR', 'ENOTEMPTY', 'EACCES', 'EPERM', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
}

function isDatabase(name: string): boolean {
  return /^state\.db(-wal|-shm)?$/.test(name);
}
