import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { advise, candle, type Hint } from '../errors/hint.ts';
import { configFileName, configFileNames } from '../projects/find-project.ts';
import { ConfigInvalidError } from './config-errors.ts';

const maxFileBytes = 1024 * 1024;

/** The contents and metadata of a config file at one moment. */
export interface ConfigFile {
  readonly path: string;
  /** With symbolic links resolved: the file that an edit replaces. */
  readonly realPath: string;
  readonly bytes: Buffer;
  /** Without the byte order mark. */
  readonly text: string;
  readonly hasByteOrderMark: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw unusable(path, openReasons[code ?? ''] ?? `cannot be read (${code})`);
  }
}

/**
 * The path of the config in a directory, even if its contents are invalid; undefined if there is none.
 * @throws ConfigInvalidError if the directory cannot be read
 */
export async function findConfigPath(directory: string): Promise<string | undefined> {
  for (const name of configFileNames) {
    const path = join(directory, name);
    if (await exists(path)) return path;
  }
  return undefined;
}

function unusable(path: string, problem: string, hint?: Hint): ConfigInvalidError {
  return new ConfigInvalidError(path, [{ file: path, field: '', problem }], hint);
}

const openReasons: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
  ELOOP: 'is a symbolic link to itself',
  ENOENT: 'is a symbolic link to a file that does not exist',
  ENOTDIR: 'is a symbolic link to a file that does not exist',
  ENXIO: 'is not a regular file',
};

async function openConfig(path: string) {
  try {
    // Without O_NONBLOCK, opening a named pipe would block.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !(await exists(path))) return undefined;
    throw unusable(path, openReasons[code ?? ''] ?? `cannot be read (${code})`);
  }
}

/**
 * Reads a config file; undefined if it no longer exists.
 * @throws ConfigInvalidError if it is not a readable UTF-8 text file of at most 1 MiB
 */
export async function readConfigFile(path: string): Promise<ConfigFile | undefined> {
  const handle = await openConfig(path);
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (found.isDirectory())
      throw unusable(path, 'is a directory', advise('Move it away, then', candle('setup-project')));
    if (!found.isFile()) throw unusable(path, 'is not a regular file', 'Replace it with a text file');
    if (found.size > maxFileBytes)
      throw unusable(path, 'is larger than 1 MiB', 'Remove everything that is not configuration');
    const bytes = await handle.readFile();
    const decoded = decode(path, bytes);
    const hasByteOrderMark = decoded.startsWith('\ufeff');
    const text = hasByteOrderMark ? decoded.slice(1) : decoded;
    const { mode, uid, gid } = found;
    return { path, realPath: await realpath(path), bytes, text, hasByteOrderMark, mode: mode & 0o7777, uid, gid };
  } finally {
    await handle.close();
  }
}

function decode(path: string, bytes: Buffer): string {
  const hint = 'Save it as UTF-8 text in your editor';
  const start = bytes.readUInt16BE.bind(bytes);
  if (bytes.length >= 2 && [0xfeff, 0xfffe].includes(start(0))) throw unusable(path, 'is UTF-16 text', hint);
  if (bytes.includes(0)) throw unusable(path, 'is not a text file: it contains null bytes', hint);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unusable(path, 'is not UTF-8 text', hint);
  }
}

/** The path for a new config in a directory, with symbolic links resolved. */
export async function newConfigPath(directory: string): Promise<string> {
  return join(await realpath(directory), configFileName);
}
