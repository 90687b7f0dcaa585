import { lstatSync, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { StateNotADirectoryError, StateOnSharedFileSystemError, StateOwnedByOtherError } from './errors.ts';

/** Only its owner may read what services print and what environment they run with. */
const privateDirMode = 0o700;

/** Magic numbers of statfs(2) for file systems whose locks do not reach every process that uses them (linux/magic.h). */
const sharedFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
]);

/**
 * Where Candle keeps its state: `CANDLE_STATE_DIR`, else `$XDG_STATE_HOME/candle`, else `~/.local/state/candle`.
 * A relative XDG_STATE_HOME is ignored, as its specification says; a relative CANDLE_STATE_DIR counts from `cwd`.
 */
export function resolveStateDir(
  env: Readonly<Record<string, string | undefined>>,
  place: { home: string; cwd: string },
): string {
  if (env.CANDLE_STATE_DIR) return resolve(place.cwd, env.CANDLE_STATE_DIR);
  const xdg = env.XDG_STATE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(place.home, '.local', 'state'), 'candle');
}

/**
 * Makes the state directory when it is missing (one that the user made keeps its mode) and refuses one where Candle could lose or
 * leak something.
 */
export function prepareStateDir(stateDir: string): void {
  if (statSync(stateDir, { throwIfNoEntry: false }) === undefined) makePrivateDir(stateDir);
  const stats = statSync(stateDir);
  if (!stats.isDirectory()) throw new StateNotADirectoryError(stateDir, stateDir);
  const uid = process.geteuid?.();
  if (uid !== undefined && stats.uid !== uid) throw new StateOwnedByOtherError(stateDir, stats.uid, uid);
  const kind = sharedFileSystems.get(statfsSync(stateDir).type >>> 0);
  if (kind) throw new StateOnSharedFileSystemError(stateDir, kind);
}

function makePrivateDir(stateDir: string): void {
  try {
    mkdirSync(stateDir, { recursive: true, mode: privateDirMode });
  } catch (error) {
    const culprit = firstNonDirectory(stateDir);
    if (culprit) throw new StateNotADirectoryError(stateDir, culprit);
    throw error;
  }
}

function firstNonDirectory(path: string): string | undefined {
  for (let current = path; ; current = dirname(current)) {
    const stats = lstatSync(current, { throwIfNoEntry: false });
    if (stats && !stats.isDirectory()) return current;
    if (current === dirname(current)) return undefined;
  }
}
