/** Pure parsers for the output of `ps` and `lsof` on macOS (LC_ALL=C, TZ=UTC). */

export interface PsRow {
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
export function variableInPs(environment: string, name: string): string | null {
  const words = environment.split(/\s+/);
  const assignment = words.find((word) => word.startsWith(`${name}=`));
  return assignment === undefined ? null : assignment.slice(name.length + 1);
}

export interface LsofFile {
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
