/** The relevant fields of /proc/PID/stat. */
export interface ProcStat {
  readonly pid: number;
  readonly command: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  /** The number of its controlling terminal; 0 without one. */
  readonly terminal: number;
  readonly threads: number;
  readonly startToken: string;
}

/**
 * Parses /proc/PID/stat. The command is in parentheses and may itself contain spaces and parentheses; the last one ends
 * it.
 */
export function parseStat(text: string): ProcStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // rest[0] is field 3 of proc(5), so field n is at index n - 3.
  const rest = text.slice(close + 2).split(' ');
  const startToken = rest[19];
  if (startToken === undefined) return undefined;
  return {
    pid: Number(text.slice(0, open)),
    command: text.slice(open + 1, close),
    state: rest[0] ?? '',
    ppid: Number(rest[1]),
    pgid: Number(rest[2]),
    sid: Number(rest[3]),
    terminal: Number(rest[4]),
    threads: Number(rest[17]),
    startToken,
  };
}

/**
 * Dead but not yet reaped. A process whose main thread has exited before the others has the same state, but is alive.
 */
export function isZombieStat(stat: ProcStat): boolean {
  return stat.state === 'X' || stat.state === 'x' || (stat.state === 'Z' && stat.threads <= 1);
}

const runIdVariable = Buffer.from('CANDLE_RUN_ID=');

/** The value of CANDLE_RUN_ID in a NUL-separated environment; undefined if it is missing or empty. */
export function runIdIn(environ: Buffer): string | undefined {
  return valueIn(environ, runIdVariable) || undefined;
}

/**
 * The value of any variable in a NUL-separated environment; null if there is no such variable; undefined if the buffer
 * does not contain an environment: programs that set their own title (Puma, Gunicorn, PostgreSQL) overwrite it.
 */
export function variableIn(environ: Buffer, name: string): string | null | undefined {
  if (environ.length > 0 && !isEnvironment(environ)) return undefined;
  return valueIn(environ, Buffer.from(`${name}=`)) ?? null;
}

/** False if it is empty, or was overwritten by a program that sets its own title. */
export function isEnvironment(environ: Buffer): boolean {
  const equals = environ.indexOf('=');
  const end = environ.indexOf(0);
  return equals >= 0 && (end < 0 || equals < end);
}

function valueIn(environ: Buffer, assignment: Buffer): string | undefined {
  let at = environ.indexOf(assignment);
  while (at > 0 && environ[at - 1] !== 0) at = environ.indexOf(assignment, at + 1);
  if (at < 0) return undefined;
  const start = at + assignment.length;
  const end = environ.indexOf(0, start);
  return environ.toString('utf8', start, end < 0 ? environ.length : end);
}

export interface TcpListener {
  readonly port: number;
  readonly address: string;
  readonly uid: number;
  readonly inode: string;
}

/** TCP_LISTEN in the kernel's net/tcp_states.h, as shown in /proc/net/tcp. */
const listenState = '0A';

/** Parses the listening sockets from the text of /proc/net/tcp or tcp6. */
export function parseTcpListeners(text: string): TcpListener[] {
  const listeners: TcpListener[] = [];
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (fields[3] !== listenState) continue;
    const [hex = '', portHex = ''] = fields[1]?.split(':') ?? [];
    const [port, address] = [Number.parseInt(portHex, 16), parseProcAddress(hex)];
    const inode = fields[9];
    if (Number.isNaN(port) || address === undefined || inode === undefined) continue;
    listeners.push({ port, address, uid: Number(fields[7]), inode });
  }
  return listeners;
}

/** The kernel prints the bytes of each 32-bit word in reverse order (little-endian, as on all platforms of Node). */
const hexPerWord = 8;
const v4Words = 1;
/** `::ffff:a.b.c.d`: some runtimes (Java, Go) listen on IPv4 this way. */
const mappedPrefix = '00000000000000000000ffff';

/** Parses a `local_address` of /proc/net/tcp (IPv4) or tcp6 into the usual notation; undefined for anything else. */
export function parseProcAddress(hex: string): string | undefined {
  if (!/^(?:[\dA-Fa-f]{8}|[\dA-Fa-f]{32})$/.test(hex)) return undefined;
  const words = hex.match(new RegExp(`.{${hexPerWord}}`, 'g')) ?? [];
  const bytes = words.map((word) => word.match(/../g)?.reverse().join('') ?? '').join('');
  if (words.length === v4Words) return dotted(bytes);
  if (bytes.toLowerCase().startsWith(mappedPrefix)) return dotted(bytes.slice(mappedPrefix.length));
  // URL serializes IPv6 addresses in the shortest form.
  return new URL(`http://[${bytes.match(/.{4}/g)?.join(':')}]`).hostname.slice(1, -1);
}

function dotted(bytes: string): string {
  return (bytes.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
}
