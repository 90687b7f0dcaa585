import { closeSync, constants, existsSync, fstatSync, openSync, realpathSync, statSync } from 'node:fs';
import { findUserName } from '../system/user-name.ts';
import { DirectoryReplacedError } from './errors.ts';

/** Which directory it is, and whose. */
export interface DirectoryIdentity {
  /** Device and inode. */
  readonly id: string;
  readonly uid: number;
}

/** A directory that stays the same one, whatever another user moves to its path meanwhile. */
export interface OpenDirectory extends DirectoryIdentity {
  /** Leads to this directory while it is open, also as the working directory of a new process. Never shown. */
  readonly path: string;
  readonly mode: number;
  readonly close: () => void;
}

/** O_PATH of Linux, which Node does not name. It opens even a directory that the caller may only enter. */
const pathOnly = 0o10000000;

/**
 * Opens a directory. Only Linux has paths that lead to an open directory. On other systems the path is used again, so a
 * directory that is replaced within the same few microseconds goes unnoticed there.
 * @throws system errors
 */
export function openDirectory(path: string): OpenDirectory {
  if (process.platform !== 'linux')
    return { path, ...ownerOf(statSync(path, { bigint: true })), close: () => undefined };
  const fd = openSync(path, pathOnly | constants.O_DIRECTORY);
  const pinned = `/proc/self/fd/${fd}`;
  return {
    path: existsSync(pinned) ? pinned : path,
    ...ownerOf(fstatSync(fd, { bigint: true })),
    close: () => closeSync(fd),
  };
}

function ownerOf({ dev, ino, uid, mode }: { dev: bigint; ino: bigint; uid: bigint; mode: bigint }) {
  return { id: `${dev}:${ino}`, uid: Number(uid), mode: Number(mode) };
}

/**
 * Opens a directory that was checked before. A new directory at the same path is accepted if it belongs to the same user,
 * because a build may delete and create it, and some file systems do not keep inode numbers.
 * @param path real path @param before undefined if nobody has checked it
 * @throws DirectoryReplacedError, system errors
 */
export function openSameDirectory(path: string, before: DirectoryIdentity | undefined): OpenDirectory {
  const opened = openDirectory(path);
  if (before === undefined || opened.id === before.id) return opened;
  if (opened.uid === before.uid && realpathSync.native(opened.path) === path) return opened;
  opened.close();
  throw new DirectoryReplacedError(path, opened.uid === before.uid ? undefined : opened.uid, findUserName(opened.uid));
}
