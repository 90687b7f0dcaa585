import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { parseTcpListeners, type TcpListener } from './parse-proc.ts';
import type { ListeningProcess, ListeningSockets } from './process-table.ts';

/**
 * All TCP listeners of this network namespace. Takes a few milliseconds regardless of their number, because the kernel
 * walks its entire connection table, so read them once and share the result.
 */
export function readTcpListeners(): TcpListener[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => {
    try {
      return parseTcpListeners(readFileSync(path, 'latin1'));
    } catch {
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
export function socketInodesOf(pid: number | string): ReadonlySet<string> {
  const inodes = new Set<string>();
  let fds: string[];
  try {
    fds = readdirSync(`/proc/${pid}/fd`);
  } catch {
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
