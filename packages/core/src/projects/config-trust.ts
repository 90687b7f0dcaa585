import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { findUserName } from '../system/user-name.ts';
import { type ConfigDistrust, ConfigUntrustedError, DirectoryReplacedError, type UnusedTrust } from './errors.ts';

/** Whose configurations a process uses. A configuration contains commands, so its owner decides what a start runs. */
export interface Trust {
  /** The caller, root and, under sudo, the user who called it. */
  readonly uids: readonly number[];
  /** Directories whose configuration is used for any owner, as the caller wrote them: see `resolveTrusted`. */
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
  const dirs = CANDLE_TRUST.split(':').filter((dir) => dir !== '');
  return { uids: [callerUid, 0, ...sudoUids], dirs, recordedOwners };
}

/** A file, symbolic link or directory whose owner can change which commands a start runs. */
export interface ConfigPart {
  readonly kind: 'file' | 'link' | 'directory';
  readonly path: string;
  readonly uid: number;
  readonly mode: number;
}

type Owned = Pick<Stats, 'uid' | 'mode'>;

const writableForAll = 0o002;
const sticky = 0o1000;

/** In a sticky directory, users can replace only their own files. The mode of a symbolic link has no meaning. */
function isWritableForAll({ kind, mode }: ConfigPart): boolean {
  if (kind === 'link' || (mode & writableForAll) === 0) return false;
  return kind === 'file' || (mode & sticky) === 0;
}

/**
 * Why a configuration is not used; undefined if it is. A group may change its parts, because a umask of 002 allows that for
 * every new file. Pure.
 * @param recorded the users with whom the directory was recorded as trusted; they may also let everybody change their parts
 */
export function findDistrust(
  parts: readonly ConfigPart[],
  uids: readonly number[],
  recorded: readonly number[] = [],
): ConfigDistrust | undefined {
  const foreign = parts.find(({ uid }) => !uids.includes(uid) && !recorded.includes(uid));
  if (foreign) return { part: foreign.kind, at: foreign.path, uid: foreign.uid };
  const open = parts.find((part) => isWritableForAll(part) && !recorded.includes(part.uid));
  return open && { part: open.kind === 'file' ? 'file-mode' : 'directory-mode', at: open.path, uid: open.uid };
}

/** The owners that `candle trust` records, so that the directory is no longer trusted if one of them changes. */
export function ownersOf(parts: readonly ConfigPart[]): readonly number[] {
  return [...new Set(parts.map(({ uid }) => uid))];
}

/** The parts of the configuration at a path, as far as they exist. The mode of a device or a pipe does not count. */
export function readParts(path: string): readonly ConfigPart[] {
  const file = findFile(path);
  return [
    ...(file === undefined ? [] : [partOf('file', path, { uid: file.uid, mode: file.isFile() ? file.mode : 0 })]),
    ...readLinkParts(path, path),
    partOf('directory', dirname(path), statSync(dirname(path))),
  ];
}

export function partOf(kind: ConfigPart['kind'], path: string, { uid, mode }: Owned): ConfigPart {
  return { kind, path, uid, mode };
}

/** Undefined for a missing file, and for a symbolic link that leads nowhere. */
function findFile(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The number of consecutive links that Linux follows. */
const maxLinks = 40;

/**
 * If there is a symbolic link at a path: the link, and all links and directories through which it leads. Each one is looked
 * up in the directory before it, so if all of them can be trusted, nobody else can change where the link leads.
 * @param shownPath of the link, where `path` is another path to it
 */
export function readLinkParts(path: string, shownPath: string): readonly ConfigPart[] {
  const first = findEntry(path);
  if (!first?.isSymbolicLink()) return [];
  const parts = [partOf('link', shownPath, first)];
  let dir = dirname(path);
  const names: string[] = [];
  const follow = (link: string) => {
    const target = readlinkSync(link);
    if (isAbsolute(target)) dir = '/';
    names.unshift(...target.split('/').filter((name) => name !== '' && name !== '.'));
  };
  follow(path);
  for (let links = 1, name = names.shift(); name !== undefined && links <= maxLinks; name = names.shift()) {
    // Not joined, because `..` has to be looked up in the directory, which may be an open one.
    const next = `${dir}/${name}`;
    const found = findEntry(next);
    if (found?.isSymbolicLink()) {
      links += 1;
      parts.push(partOf('link', join(realpathSync.native(dir), name), found));
      follow(next);
    } else if (found?.isDirectory()) {
      parts.push(partOf('directory', realpathSync.native(next), found));
      dir = next;
    } else break;
  }
  return parts;
}

/** Undefined also if it cannot be reached, because then the configuration cannot be opened either. */
function findEntry(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Why the configuration at a path is not used; undefined if it is. */
export async function findUntrusted(path: string, trust: Trust): Promise<ConfigUntrustedError | undefined> {
  return findUntrustedParts(path, trust, { parts: readParts(path), directory: dirname(path) });
}

/**
 * The same for the parts that are open, because their owners may replace what is at the path at any time.
 * @param directory any path to the directory of the configuration
 */
export async function findUntrustedParts(
  path: string,
  { uids, dirs, recordedOwners }: Trust,
  { parts, directory }: { parts: readonly ConfigPart[]; directory: string },
): Promise<ConfigUntrustedError | undefined> {
  if (findDistrust(parts, uids) === undefined) return undefined;
  const dir = realpathSync.native(directory);
  if (isNamedDirectory(dir, { dirs })) return undefined;
  const distrust = findDistrust(parts, uids, await recordedOwners(dir));
  const unused = dirs.map(resolveTrusted).filter((trusted) => typeof trusted !== 'string');
  return distrust && new ConfigUntrustedError({ path, dir }, distrust, findUserName(distrust.uid), unused);
}

/** Whether `CANDLE_TRUST` names a directory. @param dir real path */
export function isNamedDirectory(dir: string, { dirs }: Pick<Trust, 'dirs'>): boolean {
  return dirs.some((value) => resolveTrusted(value) === dir);
}

/** The real path of a directory in `CANDLE_TRUST`, or why the value has no effect. */
export function resolveTrusted(value: string): string | UnusedTrust {
  if (!isAbsolute(value)) return { value, problem: 'is not an absolute path' };
  // `/proc/self/cwd` would trust whatever directory the command runs in.
  if (/^\/(proc|dev)\//.test(normalize(value))) return { value, problem: 'is a different directory in each process' };
  try {
    return realpathSync.native(value);
  } catch {
    return { value, problem: 'does not exist' };
  }
}

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
