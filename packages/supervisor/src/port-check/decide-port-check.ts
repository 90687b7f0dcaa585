import type { ListeningProcess } from '../system/process-table.ts';
import type { PortCheck } from './port-check.ts';

/** What was seen of a run and its reserved port at one time. */
export interface PortFacts {
  readonly port: number;
  /** The user whose run it is. */
  readonly uid: number;
  /** What the processes of the run listen on. */
  readonly own: readonly number[];
  /** Who listens on the reserved port beside them; the pid where it could be found out. */
  readonly strangers: readonly ListeningProcess[];
  /** The port accepts connections though nobody is seen to listen: the kernel forwards it (docker without a proxy). */
  readonly isForwarded: boolean;
}

/**
 * Ports of debuggers and of page reloads, which open before the server does or beside it, and never in its place: Node
 * (9229, 9230), Java (5005), Python (5678), Vite (24678), LiveReload (35729).
 */
const helperPorts: ReadonlySet<number> = new Set([9229, 9230, 5005, 5678, 24678, 35729]);

/** Programs that hold a port in the name of a container. Whose container it is cannot be seen from the outside. */
const containerProxies: ReadonlySet<string> = new Set([
  'docker-proxy',
  'com.docker.backend',
  'com.docker.back', // as Linux cuts it
  'vpnkit-bridge',
  'rootlesskit',
  'rootlessport',
  'slirp4netns',
  'pasta',
  'conmon',
  'gvproxy',
]);

/** The contract of a run that lives. Pure. */
export function decidePortCheck(facts: PortFacts): PortCheck {
  const { port } = facts;
  const instead = sorted(facts.own.filter((own) => own !== port && !helperPorts.has(own)));
  const foreign = facts.strangers.filter((stranger) => isForeign(stranger, facts));
  const [owner = null] = foreign;
  const isServed = facts.own.includes(port) || (foreign.length === 0 && isServedUnseen(facts));
  const listensOn = isServed ? [port] : instead.length > 0 ? instead : sorted(facts.own);
  if (owner) return { port, status: 'conflict', listensOn, owner };
  const status = isServed ? 'ok' : instead.length > 0 ? 'wrong-port' : 'not-listening';
  return { port, status, listensOn, owner };
}

/** Does the run serve its reserved port, as far as can be seen? Another server at another address does not change that. */
export function servesPort({ port, listensOn }: Pick<PortCheck, 'port' | 'listensOn'>): boolean {
  return listensOn.includes(port);
}

/** By a container that it has started, or by a process that hides its files. */
function isServedUnseen(facts: PortFacts): boolean {
  return !listensAtAll(facts) && (facts.strangers.length > 0 || facts.isForwarded);
}

/** Of a listener that nobody can look into, a run that listens on nothing itself is taken to be the owner. */
function isForeign({ pid, command, uid }: ListeningProcess, facts: PortFacts): boolean {
  const isSeen = pid !== undefined && !containerProxies.has(command ?? '');
  return isSeen || (listensAtAll(facts) && uid !== facts.uid);
}

function listensAtAll({ own, port }: PortFacts): boolean {
  return own.some((candidate) => candidate === port || !helperPorts.has(candidate));
}

function sorted(ports: readonly number[]): readonly number[] {
  return [...new Set(ports)].toSorted((a, b) => a - b);
}
