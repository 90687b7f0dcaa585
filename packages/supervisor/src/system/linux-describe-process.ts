import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProcStat } from './parse-proc.ts';
import type { ProcessDescription } from './process-table.ts';

/** Milliseconds a tick of a start time: 100 a second (USER_HZ) on every processor that Node runs on. */
const tickMs = 10;

/** Reads of /proc that are worth their cost for few processes only. */
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
  // Another process may have got its pid between the reads.
  return statOf(pid)?.startToken === stat.startToken ? described : undefined;
}

/** Node calls its main thread so, and with it the process; people know it by what they have typed. */
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

/** The owner of the directory is the effective user, also of a process that hides its files. */
export function userOf(pid: number | string): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

/** '' of a zombie, of a thread of the kernel, and of one that is gone. Programs that write their own title leave NULs behind it. */
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
    // A directory may have that ending as its name; one that is gone has no links.
    const isCwdGone = cwd.endsWith(deletedMark) && statSync(link).nlink === 0;
    return { cwd: isCwdGone ? cwd.slice(0, -deletedMark.length) : cwd, isCwdGone };
  } catch {
    return { cwd: undefined, isCwdGone: false };
  }
}

/** Changes when the clock is set; undefined in a container that hides it. */
function findBootTimeMs(): number | undefined {
  try {
    const [, seconds] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1')) ?? [];
    return seconds === undefined ? undefined : Number(seconds) * 1_000;
  } catch {
    return undefined;
  }
}
