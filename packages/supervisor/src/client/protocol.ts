import { hash } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceKey } from '@candle/core/services';
import { throwIfOutOfFiles, unlinkIfPresent } from '@candle/core/system';
import { createBirpc } from 'birpc';
import type { LongTick } from '../daemon/activity.ts';
import type { ProcessIdentity, ProcessTable } from '../system/process-table.ts';

/** The RPC interface of a supervisor. Names and meanings are stable within a major version; functions may be added. */
export interface SupervisorApi {
  /** Makes the supervisor read the database immediately, because the caller has often just started a service. */
  hello(): Promise<Greeting>;
  /**
   * Tells the supervisor that these services are being stopped, because the caller cannot write that to the database. The
   * supervisor records it as soon as it can, and before it records how their runs end. Returns whether it could at once.
   * Versions before 0.2 do not have this function.
   */
  stopRequested(stops: readonly RequestedStop[]): Promise<boolean>;
  /** Makes the supervisor exit so that another one can replace it. Services keep running. */
  leave(): Promise<void>;
}

export interface RequestedStop extends ServiceKey {
  /** The newest request when the stop was requested. A newer one takes precedence. */
  readonly generation: number;
}

export interface Greeting {
  readonly version: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly monitoredRuns: number;
  /** Limit of open files; null where the platform does not report it, and omitted by older versions. */
  readonly openFiles?: number | null;
}

/** Characters. Candle never sends longer lines. */
const maxLineLength = 1024 * 1024;

/**
 * Serves and makes calls over one connection, with one line of JSON per message. `ignoresErrors`: a peer that calls an
 * unknown function, or disconnects before the answer, causes no error in this process.
 */
export function openRpc<Remote extends object, Local extends object>(
  socket: Socket,
  functions: Local,
  { timeoutMs, ignoresErrors = false }: { timeoutMs: number; ignoresErrors?: boolean },
) {
  socket.setEncoding('utf8');
  return createBirpc<Remote, Local>(functions, {
    timeout: timeoutMs,
    post: (line: string) => {
      if (socket.writable) socket.write(`${line}\n`);
    },
    on: (receive) => {
      let rest = '';
      socket.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > maxLineLength) socket.destroy();
        for (const line of lines) if (isMessage(line)) receive(line);
      });
    },
    serialize: (message) => JSON.stringify(message),
    deserialize: (line: string) => JSON.parse(line),
    onGeneralError: () => ignoresErrors,
  });
}

function isMessage(line: string): boolean {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null && 't' in message;
  } catch {
    return false;
  }
}

export type SupervisorAnswer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** No process listens on the socket. */
  | { readonly kind: 'absent' }
  /** A process listens, but did not answer in time. */
  | { readonly kind: 'silent' };

/** Makes a single call to the supervisor of a state directory. */
export async function callSupervisor<T>(
  stateDir: string,
  call: (supervisor: SupervisorApi) => Promise<T>,
  { timeoutMs }: { timeoutMs: number },
): Promise<SupervisorAnswer<T>> {
  const socket = await connectTo(stateDir);
  if (socket === undefined) return { kind: 'absent' };
  try {
    const supervisor = openRpc<SupervisorApi, object>(socket, {}, { timeoutMs });
    const closed = new Promise<'closed'>((resolve) => socket.once('close', () => resolve('closed')));
    const value = await Promise.race([call(supervisor as unknown as SupervisorApi), closed]);
    return value === 'closed' ? { kind: 'absent' } : { kind: 'answered', value };
  } catch {
    return { kind: 'silent' };
  } finally {
    socket.destroy();
  }
}

/** A socket without a listener refuses immediately. With a full queue, connecting takes until the listener accepts. */
export async function connectTo(stateDir: string): Promise<Socket | undefined> {
  let address: ReturnType<typeof openSocketAddress>;
  try {
    address = openSocketAddress(stateDir);
  } catch {
    return undefined;
  }
  try {
    return await new Promise<Socket | undefined>((resolve) => {
      const socket = connect(address.path);
      socket.once('connect', () => {
        socket.removeAllListeners('error').on('error', () => undefined);
        resolve(socket);
      });
      socket.once('error', () => resolve(undefined));
    });
  } finally {
    address.close();
  }
}

/** Every supported system accepts Unix socket paths of this length (Linux 107 bytes, macOS 103). */
const maxPathBytes = 100;

export interface SocketAddress {
  /** What to listen on or connect to. */
  readonly path: string;
  /** Call this when the address is no longer needed: after the connection is established, or the server is closed. */
  close(): void;
}

/**
 * The address of the socket of a state directory. The kernel accepts only short paths. If the path is too long, Linux
 * goes through a descriptor of the open directory, and other platforms use a socket in the user's temporary directory.
 */
export function openSocketAddress(stateDir: string, platform: NodeJS.Platform = process.platform): SocketAddress {
  const path = join(stateDir, 'socket');
  if (Buffer.byteLength(path) <= maxPathBytes) return { path, close: () => undefined };
  if (platform !== 'linux') {
    const name = `candle-${hash('sha1', stateDir).slice(0, 16)}.socket`;
    return { path: join(tmpdir(), name), close: () => undefined };
  }
  const fd = openSync(stateDir, 'r');
  return { path: `/proc/self/fd/${fd}/socket`, close: () => closeSync(fd) };
}

/** The record of a supervisor in the state directory: enough information to report it if it does not answer. */
export interface SupervisorRecord extends ProcessIdentity {
  readonly version: string;
  readonly startedAtMs: number;
  /** The shell that restarts it. */
  readonly watchdog: ProcessIdentity | null;
  /** The system cannot free the space of copied output, so spools grow until their runs end. */
  readonly isUnfreed: boolean;
  /** The last time that one step took longer than a second; omitted by older versions. */
  readonly longTick?: (LongTick & { readonly atMs: number }) | null;
}

function recordPath(stateDir: string): string {
  return join(stateDir, 'supervisor.json');
}

/** The record of the live supervisor, or undefined if there is none. */
export function findSupervisor(stateDir: string, processes: ProcessTable): SupervisorRecord | undefined {
  const record = readSupervisorRecord(stateDir);
  return record && processes.isAlive(record) ? record : undefined;
}

/** The record of the last supervisor, alive or not. */
export function readSupervisorRecord(stateDir: string): SupervisorRecord | undefined {
  try {
    const record: Partial<SupervisorRecord> = JSON.parse(readFileSync(recordPath(stateDir), 'utf8'));
    return typeof record.pid === 'number' && typeof record.startToken === 'string'
      ? (record as SupervisorRecord)
      : undefined;
  } catch (error) {
    throwIfOutOfFiles(error);
    return undefined;
  }
}

export function writeSupervisorRecord(stateDir: string, record: SupervisorRecord): void {
  const draft = `${recordPath(stateDir)}.${record.pid}`;
  writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
  renameSync(draft, recordPath(stateDir));
}

export function removeSupervisorRecord(stateDir: string): void {
  unlinkIfPresent(recordPath(stateDir));
}
