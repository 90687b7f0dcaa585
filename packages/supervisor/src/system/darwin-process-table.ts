import type { ListeningProcess, ListeningSockets, ProcessInfo, ProcessTable } from './process-table.ts';

/** Runs a system program with LC_ALL=C and TZ=UTC and returns its stdout, '' if it fails. */
export type ReadCommand = (file: string, args: readonly string[]) => string;

const psColumns = 'pid,ppid,pgid,sess,uid,stat,lstart,comm';
const ownTools = new Set(['ps', 'lsof']);

/** The process table of macOS, based on ps and lsof. Written from their manuals, not tested on a Mac. */
export function createDarwinProcessTable(read: ReadCommand): ProcessTable {
  const rowOf = (pid: number) => parsePs(read('ps', ['-o', psColumns, '-p', String(pid)]))[0];
  const listenersIn = (args: readonly string[]) =>
    parseLsof(read('lsof', ['-nP', ...args, '-sTCP:LISTEN', '-F', 'pcuftn'])).map(listenerOf);

  return {
    snapshot: () => {
      const rows = parsePs(read('ps', ['-axo', psColumns]));
      const runIds = parseRunIds(read('ps', ['-axE', '-o', 'pid,command']));
      const files = parseLsof(read('lsof', ['-nP', '-d', '0,1,2', '-F', 'pcufn']));
      const fds = Map.groupBy(files, (file) => file.pid);
      const sid = sessionIds(rows);
      return rows
        .filter((row) => !(row.ppid === process.pid && ownTools.has(row.command)))
        .map((row) => infoOf(row, sid(row), runIds.get(row.pid), fds.get(row.pid) ?? []));
    },
    identify: (pid) => {
      const row = rowOf(pid);
      return row && { pid, startToken: row.startToken };
    },
    isAlive: ({ pid, startToken }) => {
      const row = rowOf(pid);
      return row !== undefined && row.startToken === startToken && !row.state.startsWith('Z');
    },
    childrenOf: (pid) =>
      parsePs(read('ps', ['-axo', psColumns])).filter(({ ppid, state }) => ppid === pid && !state.startsWith('Z')),
    bootId: () => read('sysctl', ['-n', 'kern.bootsessionuuid']).trim(),
    listening: () => darwinSockets(listenersIn(['-iTCP'])),
    listenersOn: (...ports) => (ports.length === 0 ? [] : byProcess(listenersIn([`-iTCP:${ports.join(',')}`]))),
    describe: (pid) => {
      const row = rowOf(pid);
      if (row === undefined) return undefined;
      const commandLine = read('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).trim();
      const [directory] = parseLsof(read('lsof', ['-nP', '-a', '-p', String(pid), '-d', 'cwd', '-F', 'pfn']));
      const { startToken, ppid, uid, command } = row;
      return {
        ...{ pid, startToken, ppid, uid, command, commandLine: commandLine || command },
        ...{ cwd: directory?.name, isCwdGone: false },
        startedAtMs: Number(startToken) * 1_000,
      };
    },
    variableOf: (pid, name) => {
      const arguments_ = read('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).trim();
      // The environment follows the arguments; for processes of other users, ps omits it.
      const all = read('ps', ['-ww', '-E', '-o', 'command=', '-p', String(pid)]).trim();
      return all.length <= arguments_.length ? undefined : variableInPs(all.slice(arguments_.length), name);
    },
    sessionOf: (pid) => {
      const row = rowOf(pid);
      const terminal = read('ps', ['-o', 'tty=', '-p', String(pid)]).trim();
      // ps shows no session id. The shim of a run leads its session as well as its process group.
      return row && { pgid: row.pgid, sid: row.pgid, terminal: /^\?*$/.test(terminal) ? undefined : terminal };
    },
    userName: (uid) => read('id', ['-un', String(uid)]).trim() || undefined,
  };
}

/**
 * ps shows a kernel key instead of the session id, so the pid of the session's oldest process is used as the id. If the
 * key is 0, the process group is used instead.
 */
function sessionIds(rows: readonly PsRow[]): (row: PsRow) => number {
  const oldest = new Map<string, PsRow>();
  for (const row of rows) {
    const known = oldest.get(row.session);
    if (known === undefined || Number(row.startToken) < Number(known.startToken)) oldest.set(row.session, row);
  }
  return (row) => (/^(0x)?0*$/.test(row.session) ? row.pgid : (oldest.get(row.session)?.pid ?? row.pgid));
}

function infoOf(row: PsRow, sid: number, runId: string | undefined, files: readonly LsofFile[]): ProcessInfo {
  const { pid, startToken, ppid, pgid, uid, command } = row;
  // lsof prints a file's descriptor with its access mode: `1w`.
  const fds = ['0', '1', '2'].map(
    (fd) => files.find((file) => Number.parseInt(file.fd, 10) === Number(fd))?.name ?? '',
  );
  return {
    ...{ pid, startToken, ppid, pgid, sid, uid, command, runId, listensOn: [] },
    // ps does not tell an environment without the variable from one that it may not show.
    isWithoutRunId: false,
    isZombie: row.state.startsWith('Z'),
    isStopped: row.state.startsWith('T'),
    // Idle: sleeping for more than 20 seconds.
    isSleeping: /^[SI]/.test(row.state),
    fds: files.length > 0 ? fds : [],
  };
}

function listenerOf({ pid, command, uid, name, type }: LsofFile) {
  return { ...(listenerOfName(name, type) ?? { port: 0, address: '' }), pid, command, uid };
}

function withoutAddress(owners: readonly ReturnType<typeof listenerOf>[]): readonly ListeningProcess[] {
  return owners.map(({ port, pid, command, uid }) => ({ port, pid, command, uid }));
}

/** Groups the sockets by process and port, because lsof prints one line per socket. */
function byProcess(owners: readonly ReturnType<typeof listenerOf>[]): readonly ListeningProcess[] {
  const groups = Map.groupBy(owners, ({ port, pid }) => `${port} ${pid}`);
  return [...groups.values()].flatMap((own) => {
    const addresses = [...new Set(own.map(({ address }) => address))].toSorted();
    return withoutAddress(own.slice(0, 1)).map((owner) => ({ ...owner, addresses }));
  });
}

function darwinSockets(owners: readonly ReturnType<typeof listenerOf>[]): ListeningSockets {
  const socketsOf = (pid: number) => owners.filter((owner) => owner.pid === pid);
  return {
    ids: new Set(owners.map(({ pid, port, address }) => `${pid} ${address} ${port}`)),
    on: (port) => withoutAddress(owners.filter((owner) => owner.port === port)),
    portsOf: (pid) => [...new Set(socketsOf(pid).map(({ port }) => port))],
    listenersOf: (pid) => socketsOf(pid).map(({ port, address }) => ({ port, address })),
    strangersOn: (port, pids) => byProcess(owners.filter((owner) => owner.port === port && !pids.includes(owner.pid))),
    named: (...ports) => byProcess(owners.filter(({ port }) => ports.includes(port))),
  };
}

/** Pure parsers for the output of `ps` and `lsof` on macOS (LC_ALL=C, TZ=UTC). */

interface PsRow {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  /** The kernel's session key; `0` for all processes on some macOS versions. */
  readonly session: string;
  readonly uid: number;
  readonly state: string;
  readonly startToken: string;
  readonly command: string;
}

const psLine = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(-?\d+)\s+(\S+)\s+\w{3}\s+(\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})\s+(.*)$/;

/** Parses the rows of `ps -axo pid,ppid,pgid,sess,uid,stat,lstart,comm`. The header does not match and is skipped. */
export function parsePs(text: string): PsRow[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, ppid, pgid, session = '0', uid, state = '', started, path = ''] = psLine.exec(line) ?? [];
    const startedMs = Date.parse(`${started} UTC`);
    if (pid === undefined || Number.isNaN(startedMs)) return [];
    return {
      pid: Number(pid),
      ppid: Number(ppid),
      pgid: Number(pgid),
      session,
      uid: Number(uid),
      state,
      startToken: String(startedMs / 1_000),
      command: path.trim().split('/').at(-1) ?? '',
    };
  });
}

/**
 * Finds run ids in `ps -axE -o pid,command`: the environment follows the arguments, so the last match is the variable.
 */
export function parseRunIds(text: string): Map<number, string> {
  const runIds = new Map<number, string>();
  for (const line of text.split('\n')) {
    const pid = /^\s*(\d+)\s/.exec(line)?.[1];
    const runId = [...line.matchAll(/\sCANDLE_RUN_ID=(\S+)/g)].at(-1)?.[1];
    if (pid !== undefined && runId !== undefined) runIds.set(Number(pid), runId);
  }
  return runIds;
}

/** Finds a variable in what `ps -E` prints after the arguments. A value ends at the next space. */
function variableInPs(environment: string, name: string): string | null {
  const words = environment.split(/\s+/);
  const assignment = words.find((word) => word.startsWith(`${name}=`));
  return assignment === undefined ? null : assignment.slice(name.length + 1);
}

interface LsofFile {
  readonly pid: number;
  readonly command: string;
  readonly uid: number | undefined;
  readonly fd: string;
  /** `IPv4`, `IPv6`, `REG`, …; empty if it was not requested. */
  readonly type: string;
  readonly name: string;
}

/** Parses the open files of `lsof -F pcuftn`: one field per line, identified by its first letter. */
export function parseLsof(text: string): LsofFile[] {
  const files: LsofFile[] = [];
  let owner = { pid: 0, command: '', uid: undefined as number | undefined };
  let [fd, type] = ['', ''];
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line[0] === 'p') owner = { pid: Number(value), command: '', uid: undefined };
    else if (line[0] === 'c') owner = { ...owner, command: value };
    else if (line[0] === 'u') owner = { ...owner, uid: Number(value) };
    else if (line[0] === 'f') [fd, type] = [value, ''];
    else if (line[0] === 't') type = value;
    else if (line[0] === 'n') files.push({ ...owner, fd, type, name: value });
  }
  return files;
}

/** Parses `*:4000`, `127.0.0.1:4000`, `[::1]:4000`. `type` is the address family of a `*`: `IPv4` or `IPv6`. */
export function listenerOfName(name: string, type = 'IPv4'): { port: number; address: string } | undefined {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(name) ?? [];
  if (host === undefined) return undefined;
  return { port: Number(port), address: host === '*' ? (type === 'IPv6' ? '::' : '0.0.0.0') : host };
}
