import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProcStat } from './parse-proc.ts';
import type { ProcessDescription } from './process-table.ts';

/**
 * Milliseconds per clock tick of a start time: 100 ticks a second (USER_HZ) on every architecture that Node supports.
 */
const tickMs = 10;

/** Reads the details of a process from /proc. The cost is acceptable only for a few processes. */
export function describeProcess(
  pid: number,
  statOf: (pid: number) => ProcStat | undefined,
): ProcessDescription | undefined {
  const stat = statOf(pid);
  const uid = stat && userOf(pid);
  if (stat === undefined || uid === undefined) return undefined;
  const command = programOf(pid, stat);
  const bootedAtMs = findBootTimeMs();
  const described = {
    ...{ pid, startToken: stat.startToken, ppid: stat.ppid, uid, command },
    commandLine: commandLineOf(pid) || command,
    ...workingDirectoryOf(pid),
    startedAtMs: bootedAtMs && bootedAtMs + Number(stat.startToken) * tickMs,
  };
  // The pid may have been reused between the reads.
  return statOf(pid)?.startToken === stat.startToken ? described : undefined;
}

/**
 * The name that Node gives to its main thread, and so to the process. Users expect the name of the program
 * instead.
 */
const nodeThreadName = 'MainThread';

export function programOf(pid: number | string, { command }: ProcStat): string {
  if (command !== nodeThreadName) return command;
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0', 1);
    return basename(program) || command;
  } catch {
    return command;
  }
}

/** The owner of the directory is the effective user, even if the process hides its files. */
export function userOf(pid: number | string): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

/**
 * '' for a zombie, for a kernel thread, and for a process that is gone. Removes the trailing NULs that programs leave
 * when they set their own title.
 */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .replace(/[\0 ]+$/, '')
      .replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

const deletedMark = ' (deleted)';

function workingDirectoryOf(pid: number): { readonly cwd: string | undefined; readonly isCwdGone: boolean } {
  const link = `/proc/${pid}/cwd`;
  try {
    const cwd = readlinkSync(link);
    // The name of an existing directory may have the same ending, but a deleted directory has no links.
    const isCwdGone = cwd.endsWith(deletedMark) && statSync(link).nlink === 0;
    return { cwd: isCwdGone ? cwd.slice(0, -deletedMark.length) : cwd, isCwdGone };
  } catch {
    return { cwd: undefined, isCwdGone: false };
  }
}

/** Changes when the system clock is set; undefined in a container that hides it. */
function findBootTimeMs(): number | undefined {
  try {
    const [, seconds] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1')) ?? [];
    return seconds === undefined ? undefined : Number(seconds) * 1_000;
  } catch {
    return undefined;
  }
}
