/** Pure readers of what `ps` and `lsof` of macOS print (LC_ALL=C, TZ=UTC). */

export interface PsRow {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  /** Kernel's session key; on some releases `0` for everybody. */
  readonly session: string;
  readonly uid: number;
  readonly state: string;
  readonly startToken: string;
  readonly command: string;
}

const psLine = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(-?\d+)\s+(\S+)\s+\w{3}\s+(\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})\s+(.*)$/;

/** Rows of `ps -axo pid,ppid,pgid,sess,uid,stat,lstart,comm`; the header does not match and falls out. */
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

/** Run ids from `ps -axE -o pid,command`: the environment follows the arguments, so the last match is the variable. */
export function parseRunIds(text: string): Map<number, string> {
  const runIds = new Map<number, string>();
  for (const line of text.split('\n')) {
    const pid = /^\s*(\d+)\s/.exec(line)?.[1];
    const runId = [...line.matchAll(/\sCANDLE_RUN_ID=(\S+)/g)].at(-1)?.[1];
    if (pid !== undefined && runId !== undefined) runIds.set(Number(pid), runId);
  }
  return runIds;
}

/** A variable of what `ps -E` prints behind the arguments. Values have no end there but the next space. */
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
  /** `IPv4`, `IPv6`, `REG`, …; empty when it was not asked for. */
  readonly type: string;
  readonly name: string;
}

/** Open files from `lsof -F pcuftn`: one field a line, its first letter says which. */
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

/** `*:4000`, `127.0.0.1:4000`, `[::1]:4000`. `type` tells which family a `*` is of: `IPv4` or `IPv6`. */
export function listenerOfName(name: string, type = 'IPv4'): { port: number; address: string } | undefined {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(name) ?? [];
  if (host === undefined) return undefined;
  return { port: Number(port), address: host === '*' ? (type === 'IPv6' ? '::' : '0.0.0.0') : host };
}
