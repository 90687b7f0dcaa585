import { accessSync, constants, readFileSync, readlinkSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import {
  type LogLimits,
  type OutputMode,
  plainService,
  type ReadyCheck,
  type RestartPolicy,
  type StopTarget,
} from '@candle/core/config';
import { isCandleError } from '@candle/core/errors';
import { hasTruncated } from '@candle/core/logs';
import { type DirectoryIdentity, type OpenDirectory, openSameDirectory } from '@candle/core/projects';
import { type Run, type RunDir, runDir } from '@candle/core/runs';
import type { SettingHashes } from '@candle/core/services';
import { throwIfOutOfFiles } from '@candle/core/system';
import type { Supervision } from '../supervision.ts';

/** What a run was started with: `launch.json`. Needed to stop it, to check its readiness and to restart it by policy. */
export interface Launch {
  readonly projectDir: string;
  readonly serviceName: string;
  readonly shell: string;
  /** Path of a bash that runs it, because `sh` would drop some of its variables. Absent: `sh` runs it. */
  readonly interpreter?: string | undefined;
  readonly root: string;
  /** The directory at that path when the service was started; undefined in a file of an older Candle. */
  readonly rootIdentity?: DirectoryIdentity | undefined;
  readonly port: number | null;
  readonly furtherPorts: readonly ReservedFurtherPort[];
  readonly env: Readonly<Record<string, string>>;
  readonly stopSignal: NodeJS.Signals;
  readonly stopTimeoutMs: number;
  readonly stopTarget: StopTarget;
  readonly stopCommand?: string;
  readonly restart: RestartPolicy;
  readonly ready: ReadyCheck;
  readonly enableStdin: boolean;
  /** Absent: its stdin is a pipe that never ends. */
  readonly hasEmptyStdin?: boolean;
  readonly output: OutputMode;
  /** Absent: it has no terminal. */
  readonly tty?: boolean;
  readonly logs: LogLimits;
  readonly context: ProcessContext | null;
  /** The live runs that asked for this one, directly or through each other. Undefined for a run that an earlier Candle started. */
  readonly askedBy?: readonly string[];
  /** The settings of its definition. Undefined for a run that an earlier Candle started. */
  readonly settings?: SettingHashes;
  /** The variables of `env` with the ports and URLs of the project. Undefined for a run that an earlier Candle started. */
  readonly portVariables?: readonly string[];
}

/** A further port of a service, with the name of its reservation and the variable that contains it. */
export interface ReservedFurtherPort {
  readonly name: string;
  readonly variable: string;
  readonly port: number;
}

/**
 * Where a run prints to. `pipe-instead`: to a pipe, because an earlier run of the same command truncated its output. `terminal`:
 * to a terminal, from which a relay moves it to a pipe.
 */
export type RunOutput = 'file' | 'pipe' | 'pipe-instead' | 'terminal';

/** Where the next run prints to, given the last run of the service, if there was one. */
export function chooseOutput(
  { output: mode, tty }: Pick<Launch, 'output' | 'tty'>,
  { shell }: Pick<Run, 'shell'>,
  last: (Pick<Run, 'shell'> & { readonly dir: RunDir }) | undefined,
): RunOutput {
  if (tty) return 'terminal';
  if (mode !== 'auto') return mode;
  // On other systems, opening /dev/stderr again does not truncate anything.
  const isAffected = process.platform === 'linux' && last?.shell === shell && hasTruncated(last.dir);
  return isAffected ? 'pipe-instead' : 'file';
}

/**
 * Undefined if the file is missing or invalid. A file written by an older Candle gets the current defaults for the
 * fields that it lacks.
 */
export function findLaunch(dir: RunDir): Launch | undefined {
  try {
    const parsed: Partial<Launch> = JSON.parse(readFileSync(dir.launch, 'utf8'));
    if (typeof parsed.shell !== 'string' || typeof parsed.root !== 'string') return undefined;
    return { ...defaults, ...parsed } as Launch;
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
}

/** Names that every shell passes on. Some, such as dash, drop variables with other names. */
const usualName = /^[A-Za-z_]\w*$/;

export function isUnusualName(name: string): boolean {
  return !usualName.test(name);
}

/** Where bash is on most systems, in addition to the directories of PATH. */
const bashDirectories = ['/bin', '/usr/bin', '/usr/local/bin'];

/** The path of bash, which passes on variables with any name. */
export function findBash(path = ''): string | undefined {
  return findProgram('bash', [...bashDirectories, ...pathDirectories(path)]);
}

/** The directories of a PATH that do not depend on the working directory. */
export function pathDirectories(path: string): readonly string[] {
  return path.split(':').filter((dir) => isAbsolute(dir));
}

/** The path of a program in the first of these directories that has it. */
export function findProgram(name: string, directories: readonly string[]): string | undefined {
  return directories.map((dir) => join(dir, name)).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The shell that runs the scripts of a run. An absolute path, because PATH of the service may not contain it. */
export function shellOf({ interpreter }: Pick<Launch, 'interpreter'>): readonly [string, ...string[]] {
  return interpreter === undefined ? ['/bin/sh'] : [interpreter, '--posix'];
}

/** What a readiness check needs of the launch of a run; defaults if its file can no longer be read. */
export function readinessOf({ stateDir }: Pick<Supervision, 'stateDir'>, run: Run): Readiness {
  return findLaunch(runDir(stateDir, run.id)) ?? { ready: plainService.ready, env: {}, context: null };
}

export type Readiness = Pick<Launch, 'ready' | 'env' | 'context' | 'interpreter' | 'rootIdentity'>;

/** Whether the run was started in a network that this process cannot reach, such as that of a container. */
export function isInOtherNetwork({ context }: Pick<Launch, 'context'>): boolean {
  const there = context?.namespaces.net;
  return there !== undefined && namespaceOf('net').some(([, here]) => here !== there);
}

/** The working directory of a command that belongs to a run, or why it must not run there, as a clause. */
export function openWorkingDirectory(
  root: string,
  rootIdentity: DirectoryIdentity | undefined,
): OpenDirectory | { readonly problem: string } {
  try {
    return openSameDirectory(root, rootIdentity);
  } catch (error) {
    if (isCandleError(error)) return { problem: error.message };
    const { code, message } = error as NodeJS.ErrnoException;
    return { problem: code === 'ENOENT' ? `its directory ${root} does not exist` : message };
  }
}

const defaults = {
  port: null,
  furtherPorts: [],
  env: {},
  stopSignal: plainService.stopSignal,
  stopTimeoutMs: plainService.stopTimeoutMs,
  stopTarget: plainService.stopTarget,
  restart: plainService.restart,
  ready: plainService.ready,
  enableStdin: false,
  output: plainService.output,
  logs: plainService.logs,
  context: null,
} as const;

/**
 * The user and the environment of the process that started a run: what children inherit and another process cannot
 * restore.
 */
export interface ProcessContext {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly umask: number;
  /** Limit of open files; null where the platform does not report it. */
  readonly openFiles: number | null;
  /** Name and identity of each Linux namespace; empty on other platforms. */
  readonly namespaces: Readonly<Record<string, string>>;
}

/** The namespaces that affect what a service can see or do. */
const namespaceNames = ['mnt', 'net', 'pid', 'user', 'ipc', 'uts', 'cgroup'] as const;

/** The context of the calling process. */
export function readContext(): ProcessContext {
  return {
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    groups: (process.getgroups?.() ?? []).toSorted((a, b) => a - b),
    umask: process.umask(),
    openFiles: readOpenFiles(),
    namespaces: Object.fromEntries(namespaceNames.flatMap(namespaceOf)),
  };
}

/**
 * The hard limit of open files. Node raises its soft limit to the hard limit at startup, and its children inherit that.
 */
export function readOpenFiles(): number | null {
  try {
    const limit = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}

function namespaceOf(name: string): [string, string][] {
  try {
    return [[name, readlinkSync(`/proc/self/ns/${name}`)]];
  } catch {
    return [];
  }
}

/**
 * Why a process in context `here` cannot restart what was started in context `there`; undefined if it can. The umask
 * does not matter, because it can be set. A limit can be set too, but only root can raise it. Pure.
 */
export function findContextProblem(here: ProcessContext, there: ProcessContext): string | undefined {
  if (here.uid !== there.uid || here.gid !== there.gid) {
    return `it was started as user ${there.uid} and group ${there.gid}, but the supervisor runs as user ${here.uid} and group ${here.gid}`;
  }
  if (String(here.groups) !== String(there.groups)) return 'its groups differ from those of the supervisor';
  if (here.uid !== 0 && here.openFiles !== null && (there.openFiles ?? 0) > here.openFiles) {
    return `it may open ${there.openFiles} files, but the supervisor only ${here.openFiles}`;
  }
  const other = Object.entries(there.namespaces).find(([name, identity]) => here.namespaces[name] !== identity);
  return other && `it was started in a different namespace (${other[0]}) than the supervisor`;
}
