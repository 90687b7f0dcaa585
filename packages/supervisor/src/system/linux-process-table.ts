import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs';
import { findUserName, throwIfOutOfFiles } from '@candle/core/system';
import { describeProcess, programOf, userOf } from './linux-describe-process.ts';
import { linuxListeningSockets, nameListeners, readTcpListeners } from './linux-listeners.ts';
import { isEnvironment, isZombieStat, type ProcStat, parseStat, runIdIn, variableIn } from './parse-proc.ts';
import type { ProcessIdentity, ProcessInfo, ProcessTable, SnapshotOptions } from './process-table.ts';

/** Bytes. A stat line has at most about 400. */
const statBufferSize = 4_096;

/** The process table of Linux, based on /proc. A process can end before any read, which then returns nothing. */
export function createLinuxProcessTable(): ProcessTable {
  const buffer = Buffer.allocUnsafe(statBufferSize);
  const statOf = (pid: number | string) => readStat(pid, buffer);
  let bootId: string | undefined;
  const listening = () => {
    const listeners = readTcpListeners();
    return linuxListeningSockets(listeners, (ports) =>
      nameListeners(listeners, ports, { pids, statOf, readAgain: readTcpListeners }),
    );
  };

  const stats = (some: readonly string[]) => some.flatMap((pid) => statOf(pid) ?? []);

  return {
    snapshot: (options = {}) => {
      const processes: ProcessInfo[] = [];
      for (const pid of pids()) {
        const info = readProcess(pid, statOf, options);
        if (info) processes.push(info);
      }
      return processes;
    },
    childrenOf: (pid) => {
      const children = readChildren(pid);
      const found = children ? stats(children) : stats(pids()).filter(({ ppid }) => ppid === pid);
      return found
        .filter((stat) => !isZombieStat(stat))
        .map((stat) => ({ pid: stat.pid, command: programOf(String(stat.pid), stat) }));
    },
    identify: (pid) => identityOf(statOf(pid)),
    isAlive: (identity) => {
      const stat = statOf(identity.pid);
      return stat !== undefined && stat.startToken === identity.startToken && !isZombieStat(stat);
    },
    bootId: () => {
      // Cached, because it cannot change during the lifetime of a process.
      bootId ??= `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}.${statOf(1)?.startToken ?? '0'}`;
      return bootId;
    },
    listening,
    listenersOn: (...ports) => listening().named(...ports),
    describe: (pid) => describeProcess(pid, statOf),
    variableOf: readVariable,
    sessionOf: (pid) => {
      const stat = statOf(pid);
      return (
        stat && { pgid: stat.pgid, sid: stat.sid, terminal: stat.terminal === 0 ? undefined : String(stat.terminal) }
      );
    },
    userName: findUserName,
  };
}

/** Undefined if the kernel was built without these files. */
function readChildren(pid: number): readonly string[] | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const lists = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1'));
    return lists.join('').split(' ').filter(Boolean);
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
}

function pids(): string[] {
  return readdirSync('/proc').filter((name) => name >= '1' && name < ':');
}

function readStat(pid: number | string, buffer: Buffer): ProcStat | undefined {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/stat`, 'r');
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
  try {
    return parseStat(buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0)));
  } catch {
    return undefined; // ESRCH: it exited between open and read
  } finally {
    closeSync(fd);
  }
}

function identityOf(stat: ProcStat | undefined): ProcessIdentity | undefined {
  return stat && { pid: stat.pid, startToken: stat.startToken };
}

function readProcess(
  pid: string,
  statOf: (pid: string) => ProcStat | undefined,
  options: SnapshotOptions,
): ProcessInfo | undefined {
  const stat = statOf(pid);
  const uid = stat && userOf(pid);
  if (stat === undefined || uid === undefined) return undefined;
  const isZombie = isZombieStat(stat);
  const tooOld = options.since !== undefined && Number(stat.startToken) < Number(options.since);
  const marked = !(tooOld || isZombie) && mayRead(uid);
  return {
    pid: stat.pid,
    startToken: stat.startToken,
    ppid: stat.ppid,
    pgid: stat.pgid,
    sid: stat.sid,
    uid,
    isZombie,
    // By a signal, or by a debugger.
    isStopped: stat.state === 'T' || stat.state === 't',
    isSleeping: stat.state === 'S',
    command: programOf(pid, stat),
    ...(marked ? readRunId(pid) : { runId: undefined, isWithoutRunId: false }),
    fds: marked ? readStandardFds(pid) : [],
    listensOn: [],
  };
}

/** Root can read all processes. For other users most reads would be refused, and thrown errors are slow. */
function mayRead(uid: number): boolean {
  const self = process.geteuid?.();
  return self === 0 || self === uid;
}

function readRunId(pid: string): Pick<ProcessInfo, 'runId' | 'isWithoutRunId'> {
  try {
    const environ = readFileSync(`/proc/${pid}/environ`);
    const runId = runIdIn(environ);
    return { runId, isWithoutRunId: runId === undefined && isEnvironment(environ) };
  } catch (error) {
    throwIfOutOfFiles(error);
    return { runId: undefined, isWithoutRunId: false };
  }
}

function readVariable(pid: number, name: string): string | null | undefined {
  try {
    return variableIn(readFileSync(`/proc/${pid}/environ`), name);
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
}

function readTarget(link: string): string {
  const target = readlinkSync(link);
  return target.startsWith('/dev/pts/') ? `${target} of ${statSync(link).dev}` : target;
}

function readStandardFds(pid: string): string[] {
  try {
    const open = new Set(readdirSync(`/proc/${pid}/fd`));
    return ['0', '1', '2'].map((fd) => (open.has(fd) ? readTarget(`/proc/${pid}/fd/${fd}`) : ''));
  } catch (error) {
    throwIfOutOfFiles(error);
    return [];
  }
}
