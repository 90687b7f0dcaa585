import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { throwIfOutOfFiles } from '@candle/core/system';
import { programOf, userOf } from './linux-describe-process.ts';
import { type ProcStat, parseTcpListeners, type TcpListener } from './parse-proc.ts';
import type { ListeningProcess, ListeningSockets } from './process-table.ts';

/**
 * All TCP listeners of this network namespace. Takes a few milliseconds regardless of their number, because the kernel
 * walks its entire connection table, so read them once and share the result.
 */
export function readTcpListeners(): TcpListener[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => {
    try {
      return parseTcpListeners(readFileSync(path, 'latin1'));
    } catch (error) {
      throwIfOutOfFiles(error);
      return []; // tcp6 does not exist in a kernel without IPv6
    }
  });
}

export function linuxListeningSockets(
  listeners: readonly TcpListener[],
  name: (ports: readonly number[]) => readonly ListeningProcess[],
): ListeningSockets {
  const known = new Map<number, readonly TcpListener[]>();
  const lookUp = (pid: number) => {
    if (listeners.length === 0) return [];
    const inodes = socketInodesOf(pid);
    return listeners.filter((socket) => inodes.has(socket.inode));
  };
  const socketsOf = (pid: number) => {
    const sockets = known.get(pid) ?? lookUp(pid);
    known.set(pid, sockets);
    return sockets;
  };
  return {
    ids: new Set(listeners.map(({ inode }) => inode)),
    on: (port) => listeners.filter((socket) => socket.port === port).map(({ uid }) => ({ port, uid })),
    portsOf: (pid) => [...new Set(socketsOf(pid).map(({ port }) => port))],
    listenersOf: (pid) => socketsOf(pid).map(({ port, address }) => ({ port, address })),
    strangersOn: (port, pids) => {
      const own = new Set(pids.flatMap((pid) => socketsOf(pid).map(({ inode }) => inode)));
      return listeners
        .filter((socket) => socket.port === port && !own.has(socket.inode))
        .map(({ uid, address }) => ({ port, uid, addresses: [address] }));
    },
    named: (...ports) => name(ports),
  };
}

/** Inodes of the sockets that a process has open; empty if the process belongs to another user or is gone. */
function socketInodesOf(pid: number | string): ReadonlySet<string> {
  const inodes = new Set<string>();
  let fds: string[];
  try {
    fds = readdirSync(`/proc/${pid}/fd`);
  } catch (error) {
    throwIfOutOfFiles(error);
    return inodes;
  }
  for (const fd of fds) {
    const target = linkOf(`/proc/${pid}/fd/${fd}`);
    if (target?.startsWith('socket:[')) inodes.add(target.slice('socket:['.length, -1));
  }
  return inodes;
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // closed in the meantime
  }
}

/**
 * The processes that listen on these ports, determined by the sockets that each process has open. A socket without a
 * known process belongs to another user, or its process has exited since the sockets were read: `readAgain`
 * distinguishes the two.
 */
export function nameListeners(
  listeners: readonly TcpListener[],
  ports: readonly number[],
  {
    pids,
    statOf,
    readAgain,
  }: {
    pids: () => readonly string[];
    statOf: (pid: string) => ProcStat | undefined;
    readAgain: () => readonly TcpListener[];
  },
): readonly ListeningProcess[] {
  const sockets = listeners.filter((socket) => ports.includes(socket.port));
  const owners: ListeningProcess[] = [];
  const named = new Set<string>();
  for (const pid of sockets.length > 0 ? pids() : []) {
    const inodes = socketInodesOf(pid);
    const held = sockets.filter((socket) => inodes.has(socket.inode));
    if (held.length === 0) continue;
    for (const socket of held) named.add(socket.inode);
    const stat = statOf(pid);
    const owner = { pid: Number(pid), command: stat && programOf(pid, stat), uid: userOf(pid) };
    for (const [port, own] of Map.groupBy(held, (socket) => socket.port)) {
      owners.push({ port, ...owner, addresses: addressesOf(own) });
    }
  }
  const undecided = sockets.filter((socket) => !named.has(socket.inode));
  const present = new Set(undecided.length === 0 ? [] : readAgain().map(({ inode }) => inode));
  const unnamed = Map.groupBy(
    undecided.filter(({ inode }) => present.has(inode)),
    ({ port, uid }) => `${port} ${uid}`,
  );
  for (const own of unnamed.values()) {
    for (const { port, uid } of own.slice(0, 1)) owners.push({ port, uid, addresses: addressesOf(own) });
  }
  return owners;
}

function addressesOf(sockets: readonly TcpListener[]): readonly string[] {
  return [...new Set(sockets.map(({ address }) => address))].toSorted();
}
