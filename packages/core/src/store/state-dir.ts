import { chmodSync, lstatSync, mkdirSync, type Stats, statfsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import {
  StateHomeUnknownError,
  StateNotADirectoryError,
  StateOnSharedFileSystemError,
  StateOwnedByOtherError,
  StatePathUnusableError,
} from './state-path-errors.ts';

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

/** Of the file systems that people have at home, by the same numbers. */
const usualFileSystems: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x01021994, 'tmpfs'],
  [0x9123683e, 'btrfs'],
  [0x58465342, 'xfs'],
  [0x794c7630, 'overlayfs'],
  [0x2fc12fc1, 'zfs'],
  [0xf2f52010, 'f2fs'],
]);

/** The name of the file system that a path is on; undefined for one that is not known by name. */
export function describeFileSystem(path: string): string | undefined {
  const magic = statfsSync(path).type >>> 0;
  return sharedFileSystems.get(magic) ?? usualFileSystems.get(magic);
}

/**
 * Where Candle keeps its state: `CANDLE_STATE_DIR`, else `$XDG_STATE_HOME/candle`, else `~/.local/state/candle`.
 * A relative XDG_STATE_HOME is ignored, as its specification says; a relative CANDLE_STATE_DIR counts from `cwd`.
 * @throws StateHomeUnknownError
 */
export function resolveStateDir(
  env: Readonly<Record<string, string | undefined>>,
  paths: { home: string | undefined; cwd: string },
): string {
  if (env.CANDLE_STATE_DIR) return resolve(paths.cwd, env.CANDLE_STATE_DIR);
  const xdg = env.XDG_STATE_HOME;
  if (xdg && isAbsolute(xdg)) return join(xdg, 'candle');
  if (paths.home === undefined) throw new StateHomeUnknownError();
  return join(paths.home, '.local', 'state', 'candle');
}

/**
 * Makes the state directory when it is missing (one that the user made keeps its mode) and refuses one where Candle could lose or
 * leak something.
 */
export function prepareStateDir(stateDir: string): void {
  const stats = findEntry(statSync, stateDir) ?? makePrivateDir(stateDir);
  if (!stats.isDirectory()) throw new StateNotADirectoryError(stateDir, stateDir);
  refuseOtherOwner(stateDir, stateDir, stats);
  const kind = sharedFileSystems.get(statfsSync(stateDir).type >>> 0);
  if (kind) throw new StateOnSharedFileSystemError(stateDir, kind);
}

/** What belongs to another user is left alone, by root too. */
export function refuseOtherOwner(stateDir: string, path: string, { uid: owner }: Stats): void {
  const uid = process.geteuid?.();
  if (uid !== undefined && owner !== uid) throw new StateOwnedByOtherError(stateDir, path, owner, uid);
}

/** One after another from the top: Node's own recursive mkdir turns for ever where a parent cannot hold directories (/proc). */
function makePrivateDir(stateDir: string): Stats {
  for (const dir of missingDirectories(stateDir)) {
    try {
      mkdirSync(dir, { mode: privateDirMode });
      // The umask may have taken away what the owner needs.
      chmodSync(dir, privateDirMode);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT') throw new StatePathUnusableError(stateDir, `${dir} cannot be made`, error);
      // Another process may have made it since.
      if (code !== 'EEXIST') throw error;
    }
  }
  return statSync(stateDir);
}

/** The parts of the path that are to be made, outermost first. */
function missingDirectories(stateDir: string): readonly string[] {
  const missing: string[] = [];
  for (let dir = stateDir; ; dir = dirname(dir)) {
    const entry = findEntry(lstatSync, dir);
    if (entry === undefined) missing.unshift(dir);
    else if (findEntry(statSync, dir)?.isDirectory()) return missing;
    else if (entry.isSymbolicLink()) throw new StatePathUnusableError(stateDir, leadsNowhere(stateDir, dir));
    else throw new StateNotADirectoryError(stateDir, dir);
  }
}

/** Undefined below a file too, which Node's own `throwIfNoEntry` is not made for. */
function findEntry(look: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return look(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function leadsNowhere(stateDir: string, link: string): string {
  return `${link === stateDir ? 'it' : link} is a symbolic link that leads to no directory`;
}
