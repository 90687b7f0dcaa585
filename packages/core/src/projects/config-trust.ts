import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { findUserName } from '../system/user-name.ts';
import { type ConfigDistrust, ConfigUntrustedError } from './errors.ts';

/** Whose configurations a process uses. A configuration contains commands, so its owner decides what a start runs. */
export interface Trust {
  /** The caller, root and, under sudo, the user who called it. */
  readonly uids: readonly number[];
  /** Directories whose configuration is used for any owner, as paths that may contain symbolic links. */
  readonly dirs: readonly string[];
  /** The users with whom `candle trust` recorded the directory. Called only for a configuration of another user. */
  readonly recordedOwners: (dir: string) => Promise<readonly number[]>;
}

/** Variables that decide about trust. `SUDO_UID` counts only for root, because anybody can set it. */
export interface TrustEnvironment {
  readonly CANDLE_TRUST?: string | undefined;
  readonly SUDO_UID?: string | undefined;
}

export function trustOf(
  { CANDLE_TRUST = '', SUDO_UID = '' }: TrustEnvironment,
  recordedOwners: Trust['recordedOwners'],
  callerUid = process.geteuid?.() ?? 0,
): Trust {
  const sudoUids = callerUid === 0 && /^\d{1,10}$/.test(SUDO_UID) ? [Number(SUDO_UID)] : [];
  // A relative path would trust whatever directory the command runs in.
  const dirs = CANDLE_TRUST.split(':').filter((dir) => isAbsolute(dir));
  return { uids: [callerUid, 0, ...sudoUids], dirs, recordedOwners };
}

/** Who can change something. */
type Owned = Pick<Stats, 'uid' | 'mode'>;

/** A configuration file as far as it exists, and its directory. */
export interface ConfigParts {
  readonly directory: Owned;
  /** The entry of the directory: the file itself, or a symbolic link to it. */
  readonly entry?: Owned | undefined;
  readonly file?: Owned | undefined;
}

const writableForAll = 0o002;

/**
 * Why a configuration is not used; undefined if it is. A group may change the file, because a umask of 002 allows that for
 * every new file. Pure.
 * @param recorded the users with whom the directory was recorded as trusted; they may also let everybody change the file
 */
export function findDistrust(
  { directory, entry, file }: ConfigParts,
  uids: readonly number[],
  recorded: readonly number[] = [],
): ConfigDistrust | undefined {
  const isForeign = ({ uid }: Owned) => !uids.includes(uid) && !recorded.includes(uid);
  if (file && isForeign(file)) return { part: 'file', uid: file.uid };
  if (entry && isForeign(entry)) return { part: 'link', uid: entry.uid };
  if (isForeign(directory)) return { part: 'directory', uid: directory.uid };
  const isWritable = file !== undefined && (file.mode & writableForAll) !== 0;
  return isWritable && !recorded.includes(file.uid) ? { part: 'mode', uid: file.uid } : undefined;
}

/** The owners that `candle trust` records, so that the directory is no longer trusted if one of them changes. */
export function ownersOf({ directory, entry, file }: ConfigParts): readonly number[] {
  return [...new Set([directory, entry, file].flatMap((part) => (part === undefined ? [] : [part.uid])))];
}

/** @param path of the configuration, which may not exist @param file the opened file; if omitted, the one at the path */
export function readParts(path: string, file?: Owned): ConfigParts {
  return {
    directory: statSync(dirname(path)),
    entry: lstatSync(path, { throwIfNoEntry: false }),
    file: file ?? findOwned(path),
  };
}

/** Undefined for a missing file, and for a symbolic link that leads nowhere. The mode of a device or a pipe does not count. */
function findOwned(path: string): Owned | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && { uid: found.uid, mode: found.isFile() ? found.mode : 0 };
  } catch {
    return undefined;
  }
}

/**
 * Why the configuration at a path is not used; undefined if it is. The opened file is checked if there is one, because its
 * owner may replace what is at the path at any time.
 */
export async function findUntrusted(
  path: string,
  { uids, dirs, recordedOwners }: Trust,
  file?: Owned,
): Promise<ConfigUntrustedError | undefined> {
  const parts = readParts(path, file);
  if (findDistrust(parts, uids) === undefined) return undefined;
  const dir = realpathSync.native(dirname(path));
  if (dirs.some((trusted) => isSameDirectory(trusted, dir))) return undefined;
  const distrust = findDistrust(parts, uids, await recordedOwners(dir));
  return distrust && new ConfigUntrustedError({ path, dir }, distrust, findUserName(distrust.uid));
}

function isSameDirectory(path: string, dir: string): boolean {
  try {
    return realpathSync.native(path) === dir;
  } catch {
    return false;
  }
}
