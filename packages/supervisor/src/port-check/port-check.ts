import type { ListeningProcess } from '../system/process-table.ts';

/**
 * `ok`: the run listens on its reserved port. `wrong-port`: only on other ports. `not-listening`: not on any port yet.
 * `conflict`: another process listens on the reserved port, alongside the run or instead of it. `unreserved`: the run listens
 * although no port is reserved for it.
 */
export type PortCheckStatus = 'ok' | 'wrong-port' | 'not-listening' | 'conflict' | 'unreserved';

/** How a run uses its reserved port. */
export interface ReservedPortCheck {
  readonly port: number;
  readonly status: Exclude<PortCheckStatus, 'unreserved'>;
  /** Sorted. The reserved port if the run listens on it, otherwise the ports that its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** The other process on the reserved port if the status is `conflict`. */
  readonly owner: ListeningProcess | null;
}

/** The ports of a run that has no reserved port. */
export interface UnreservedPortCheck {
  readonly port: null;
  readonly status: 'unreserved';
  /** Sorted; never empty, and without ports of debuggers and live reload. */
  readonly listensOn: readonly number[];
  readonly owner: null;
}

export type PortCheck = ReservedPortCheck | UnreservedPortCheck;

/** `5173`, `5173 and 9229`. */
export function renderPortNumbers(ports: readonly number[]): string {
  const last = ports.at(-1);
  return ports.length > 1 ? `${ports.slice(0, -1).join(', ')} and ${last}` : String(last);
}

/** A run and its reserved port, as observed at one moment. */
export interface PortObservation {
  readonly port: number;
  /** The user who owns the run. */
  readonly uid: number;
  /** The ports that the processes of the run listen on. */
  readonly own: readonly number[];
  /** Other processes that listen on the reserved port, with the pid if it is known. */
  readonly strangers: readonly ListeningProcess[];
  /** The port accepts connections although no listener is visible: the kernel forwards it (Docker without a proxy). */
  readonly isForwarded: boolean;
}

/**
 * Ports of debuggers and live reload. They open before the server or alongside it, never instead of it: Node
 * (9229, 9230), Java (5005), Python (5678), Vite (24678), LiveReload (35729).
 */
export const helperPorts: ReadonlySet<number> = new Set([9229, 9230, 5005, 5678, 24678, 35729]);

/** Programs that listen on behalf of a container. The owner of the container cannot be determined from outside. */
const containerProxies: ReadonlySet<string> = new Set([
  'docker-proxy',
  'com.docker.backend',
  'com.docker.back', // as truncated by Linux
  'vpnkit-bridge',
  'rootlesskit',
  'rootlessport',
  'slirp4netns',
  'pasta',
  'conmon',
  'gvproxy',
]);

/** Decides the port check of a live run. Pure. */
export function decidePortCheck(seen: PortObservation): ReservedPortCheck {
  const { port } = seen;
  const instead = sorted(seen.own.filter((own) => own !== port && !helperPorts.has(own)));
  const foreign = seen.strangers.filter((stranger) => isForeign(stranger, seen));
  const [owner = null] = foreign;
  const isServed = seen.own.includes(port) || (foreign.length === 0 && isServedUnseen(seen));
  const listensOn = isServed ? [port] : instead.length > 0 ? instead : sorted(seen.own);
  if (owner) return { port, status: 'conflict', listensOn, owner };
  const status = isServed ? 'ok' : instead.length > 0 ? 'wrong-port' : 'not-listening';
  return { port, status, listensOn, owner };
}

/** Decides the port check of a live run without a reserved port: undefined if it listens at most on helper ports. Pure. */
export function decideUnreserved(own: readonly number[]): UnreservedPortCheck | undefined {
  const listensOn = sorted(own.filter((port) => !helperPorts.has(port)));
  return listensOn.length === 0 ? undefined : { port: null, status: 'unreserved', listensOn, owner: null };
}

/** Whether the run appears to serve its reserved port, even if another server listens on a different address. */
export function servesPort({ port, listensOn }: Pick<PortCheck, 'port' | 'listensOn'>): boolean {
  return port !== null && listensOn.includes(port);
}

/**
 * The port at which clients reach the run: its reserved one, unless it listens only on others. Undefined if there is none. Pure.
 */
export function findReachablePort(portCheck: Pick<PortCheck, 'port' | 'listensOn'>): number | undefined {
  const { port, listensOn } = portCheck;
  const instead = servesPort(portCheck) ? undefined : listensOn.find((one) => !helperPorts.has(one));
  return instead ?? port ?? undefined;
}

/** The port is served by a container that the run started, or by a process whose files cannot be read. */
function isServedUnseen(seen: PortObservation): boolean {
  return !listensAtAll(seen) && (seen.strangers.length > 0 || seen.isForwarded);
}

/** A listener that cannot be identified is assumed to belong to the run if the run does not listen on any port itself. */
function isForeign({ pid, command, uid }: ListeningProcess, seen: PortObservation): boolean {
  const isIdentified = pid !== undefined && !containerProxies.has(command ?? '');
  return isIdentified || (listensAtAll(seen) && uid !== seen.uid);
}

function listensAtAll({ own, port }: PortObservation): boolean {
  return own.some((candidate) => candidate === port || !helperPorts.has(candidate));
}

function sorted(ports: readonly number[]): readonly number[] {
  return [...new Set(ports)].toSorted((a, b) => a - b);
}
