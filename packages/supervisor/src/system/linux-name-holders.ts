import { programOf, userOf } from './linux-describe-process.ts';
import { socketInodesOf } from './linux-listening-sockets.ts';
import type { ProcStat, TcpListener } from './parse-proc.ts';
import type { PortHolder } from './process-table.ts';

/** Who holds these ports, by the sockets that each process has open. */
export function nameHolders(
  listeners: readonly TcpListener[],
  ports: readonly number[],
  { pids, statOf }: { pids: () => readonly string[]; statOf: (pid: string) => ProcStat | undefined },
): readonly PortHolder[] {
  const sockets = listeners.filter((socket) => ports.includes(socket.port));
  const holders: PortHolder[] = [];
  const named = new Set<string>();
  for (const pid of sockets.length > 0 ? pids() : []) {
    const inodes = socketInodesOf(pid);
    const held = sockets.filter((socket) => inodes.has(socket.inode));
    if (held.length === 0) continue;
    for (const socket of held) named.add(socket.inode);
    const stat = statOf(pid);
    const holder = { pid: Number(pid), command: stat && programOf(pid, stat), uid: userOf(pid) };
    for (const [port, own] of Map.groupBy(held, (socket) => socket.port)) {
      holders.push({ port, ...holder, addresses: addressesOf(own) });
    }
  }
  const unnamed = Map.groupBy(
    sockets.filter((socket) => !named.has(socket.inode)),
    ({ port, uid }) => `${port} ${uid}`,
  );
  for (const own of unnamed.values()) {
    for (const { port, uid } of own.slice(0, 1)) holders.push({ port, uid, addresses: addressesOf(own) });
  }
  return holders;
}

function addressesOf(sockets: readonly TcpListener[]): readonly string[] {
  return [...new Set(sockets.map(({ address }) => address))].toSorted();
}
