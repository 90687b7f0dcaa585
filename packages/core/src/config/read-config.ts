import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type CandleError, isCandleError } from '../errors/candle-error.ts';
import { advise, candle, type Hint } from '../errors/hint.ts';
import { expectedListeners, listRequestedPorts, type PortPreference } from '../ports/port-preference.ts';
import {
  type DirectoryIdentity,
  findUntrustedParts,
  type OpenDirectory,
  openDirectory,
  partOf,
  readLinkParts,
  type Trust,
} from '../projects/config-trust.ts';
import { configFileName, configFileNames } from '../projects/find-project.ts';
import { ConfigInvalidError, ConfigMissingError } from './config-errors.ts';
import type { ParsedConfig, ProjectConfig, ServiceConfig } from './config-schema.ts';
import { readPlainConfig } from './plain-config.ts';
import { ServiceNotConfiguredError } from './service-errors.ts';

/**
 * The config of a project directory: `.candle.json`, or else `.candle-setup.json`; undefined if there is neither. A file
 * with only white space and comments is a project without services.
 * @throws ConfigUntrustedError, ConfigInvalidError with all problems of the file
 */
export async function findConfig(projectDir: string, trust: Trust): Promise<ProjectConfig | undefined> {
  const path = findConfigPath(projectDir);
  const file = path === undefined ? undefined : await readConfigFile(path, trust);
  if (file === undefined) return undefined;
  return { path: file.path, directory: file.directory, ...(await parse(file)) };
}

async function parse({ path, text }: ConfigFile): Promise<ParsedConfig> {
  const plain = await readPlainConfig(path, text);
  if (plain !== undefined) return plain;
  // Loaded only if it is needed, because it takes longer to load than a short command takes.
  const { parseConfig } = await import('./parse-config.ts');
  return parseConfig(path, text);
}

/**
 * The config of a project directory.
 * @throws ConfigMissingError, ConfigUntrustedError, ConfigInvalidError
 */
export async function getConfig(projectDir: string, trust: Trust): Promise<ProjectConfig> {
  const config = await findConfig(projectDir, trust);
  if (config === undefined) throw new ConfigMissingError(projectDir);
  return config;
}

/** The config of a project, or why it cannot be used. Both are undefined if the project has no config. */
export interface ConfigReading {
  readonly config: ProjectConfig | undefined;
  readonly error: CandleError | undefined;
}

export type ReadConfig = (projectDir: string) => Promise<ConfigReading>;

/** Reads a config whenever it is called. */
export function configReader(trust: Trust): ReadConfig {
  return async (projectDir) => {
    try {
      return { config: await findConfig(projectDir, trust), error: undefined };
    } catch (error) {
      if (isCandleError(error)) return { config: undefined, error };
      throw error;
    }
  };
}

/**
 * Reads the config of each project at most once. A command or a tool call uses one such function, so that all its parts
 * agree on the config, even if somebody edits the file meanwhile.
 */
export function readConfigOnce(trust: Trust): ReadConfig {
  const read = configReader(trust);
  const readings = new Map<string, Promise<ConfigReading>>();
  return (projectDir) => {
    const reading = readings.get(projectDir) ?? read(projectDir);
    readings.set(projectDir, reading);
    return reading;
  };
}

/** The settings for reservations in a project's configuration. */
export interface PortSettings {
  readonly excluded: readonly number[];
  /** The port setting for the given name; null if the service never gets a port. */
  readonly preference: PortPreference | null | undefined;
  /** Ports that may have a listener. */
  readonly soonFree: readonly number[];
}

/**
 * The settings for a new reservation with this name, or for the project itself. An invalid configuration has none, because
 * ports can be reserved without it.
 */
export function portSettingsOf({ config }: ConfigReading, name: string | undefined): PortSettings {
  const requested = listRequestedPorts(config).find((one) => one.name === name);
  const isPortless = config?.services.find((service) => service.name === name)?.port === null;
  return {
    excluded: config?.excludedPorts ?? [],
    preference: isPortless ? null : requested?.port,
    soonFree: requested === undefined ? [] : expectedListeners(requested),
  };
}

/**
 * The service with exactly that name.
 * @throws ServiceNotConfiguredError with the most similar known name
 */
export function getConfiguredService(config: Pick<ProjectConfig, 'path' | 'services'>, name: string): ServiceConfig {
  const service = config.services.find((candidate) => candidate.name === name);
  if (service !== undefined) return service;
  throw new ServiceNotConfiguredError(
    name,
    config.path,
    config.services.map((known) => known.name),
  );
}

const maxFileBytes = 1024 * 1024;

/** The contents and metadata of a config file at one moment. */
export interface ConfigFile {
  readonly path: string;
  /** With symbolic links resolved: the file that an edit replaces. */
  readonly realPath: string;
  /** The directory in which the file was found. */
  readonly directory: DirectoryIdentity;
  readonly bytes: Buffer;
  /** Without the byte order mark. */
  readonly text: string;
  readonly hasByteOrderMark: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
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
export function findConfigPath(directory: string): string | undefined {
  for (const name of configFileNames) {
    const path = join(directory, name);
    if (exists(path)) return path;
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

/** @param entry another path to the same file @returns undefined if it no longer exists, `link` for a symbolic link */
function openConfig(path: string, entry: string, flags: number): number | 'link' | undefined {
  try {
    // Without O_NONBLOCK, opening a named pipe would block.
    return openSync(entry, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (flags === constants.O_NOFOLLOW && code === 'ELOOP') return 'link';
    if (code === 'ENOENT' && !exists(path)) return undefined;
    throw unusable(path, openReasons[code ?? ''] ?? `cannot be read (${code})`);
  }
}

/**
 * Reads a config file; undefined if it no longer exists. Everything is looked up in the open directory, so that the file
 * and its directory belong together even if another user replaces the directory meanwhile.
 * @throws ConfigUntrustedError if another user can change it, ConfigInvalidError if it is not a readable UTF-8 text file of
 * at most 1 MiB
 */
export async function readConfigFile(path: string, trust: Trust): Promise<ConfigFile | undefined> {
  const directory = tryToOpenDirectory(path);
  if (directory === undefined) return undefined;
  try {
    return await readConfigIn(directory, path, trust);
  } finally {
    directory.close();
  }
}

function tryToOpenDirectory(path: string): OpenDirectory | undefined {
  try {
    return openDirectory(dirname(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unusable(path, openReasons[code ?? ''] ?? `cannot be read (${code})`);
  }
}

async function readConfigIn(directory: OpenDirectory, path: string, trust: Trust): Promise<ConfigFile | undefined> {
  const entry = join(directory.path, basename(path));
  const around = [partOf('directory', dirname(path), directory)];
  const refuseUntrusted = async (parts: typeof around) => {
    const untrusted = await findUntrustedParts(path, trust, { parts, directory: directory.path });
    if (untrusted !== undefined) throw untrusted;
  };
  let opened = openConfig(path, entry, constants.O_NOFOLLOW);
  if (opened === 'link') {
    around.unshift(...readLinkParts(entry, path));
    // Before it is followed: a user who can change the link could choose any file of the caller.
    await refuseUntrusted(around);
    opened = openConfig(path, entry, 0);
  }
  if (opened === undefined || opened === 'link') return undefined;
  const fd = opened;
  try {
    const found = fstatSync(fd);
    if (found.isDirectory())
      throw unusable(path, 'is a directory', advise('Move it away, then', candle('setup-project')));
    if (!found.isFile()) throw unusable(path, 'is not a regular file', 'Replace it with a text file');
    await refuseUntrusted([partOf('file', path, found), ...around]);
    if (found.size > maxFileBytes)
      throw unusable(path, 'is larger than 1 MiB', 'Remove everything that is not configuration');
    const bytes = readBytes(path, fd);
    const decoded = decode(path, bytes);
    const hasByteOrderMark = decoded.startsWith('\ufeff');
    const text = hasByteOrderMark ? decoded.slice(1) : decoded;
    const { mode, uid, gid } = found;
    return {
      path,
      realPath: realpathSync.native(entry),
      directory: { id: directory.id, uid: directory.uid },
      bytes,
      text,
      hasByteOrderMark,
      mode: mode & 0o7777,
      uid,
      gid,
    };
  } finally {
    closeSync(fd);
  }
}

function readBytes(path: string, fd: number): Buffer {
  try {
    return readFileSync(fd);
  } catch (error) {
    throw unusable(path, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
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
export function newConfigPath(directory: string): string {
  return join(realpathSync.native(directory), configFileName);
}
