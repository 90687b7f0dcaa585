import { programOf, userOf } from './linux-describe-process.ts';
import { socketInodesOf } from './linux-listening-sockets.ts';
import type { ProcStat, TcpListener } from './parse-proc.ts';
import type { ListeningProcess } from './process-table.ts';

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
