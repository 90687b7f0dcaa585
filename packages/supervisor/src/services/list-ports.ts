import { ownerOfPort } from '@candle/core/ports';
import type { Run } from '@candle/core/runs';
import { readKnownServices, resolveNames } from '@candle/core/services';
import type { PortsDocument } from '@candle/documents';
import { listeningMembers, type ProcessSnapshot, takeProcessSnapshot } from '../members/find-members.ts';
import { marksOfRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import type { ProcessInfo } from '../system/process-table.ts';
import type { ListInput } from './list.ts';

/** A port that a service is actually listening on now. */
export interface ServicePort {
  readonly serviceName: string;
  readonly projectDir: string;
  readonly port: number;
  /** `0.0.0.0` and `::` mean all addresses of their family. */
  readonly addresses: readonly string[];
  /** The oldest of the processes that share the port. */
  readonly pid: number;
  readonly command: string;
  /** The port is reserved for this service. */
  readonly isReserved: boolean;
  /** It is the service's own port, and not a further one. */
  readonly isOwn: boolean;
}

/**
 * Lists the ports that the process trees of services listen on, by service and port. Queries the kernel. A service that does
 * not listen on any port has no entry.
 */
export async function listPorts(
  supervision: Supervision,
  { projectDir, names }: ListInput,
): Promise<readonly ServicePort[]> {
  const { store, processes } = supervision;
  const chosen =
    projectDir === undefined || names.length === 0
      ? undefined
      : resolveNames(await readKnownServices(supervision, projectDir), names);
  const runs = (await store.runs.listActive(projectDir)).filter(
    ({ serviceName }) => chosen?.includes(serviceName) ?? true,
  );
  if (runs.length === 0) return [];
  const processSnapshot = takeProcessSnapshot(processes);
  const ports: ServicePort[] = [];
  for (const run of runs) ports.push(...(await portsOfRun(supervision, run, processSnapshot)));
  return ports;
}

async function portsOfRun(
  supervision: Supervision,
  run: Run,
  processSnapshot: ProcessSnapshot,
): Promise<readonly ServicePort[]> {
  const marks = await marksOfRun(supervision, run);
  if (!marks) return [];
  const { serviceName, projectDir } = run;
  const reserved = await reservedPorts(supervision, run);
  const found = new Map<number, { oldest: ProcessInfo; addresses: string[] }>();
  for (const { port, address, process } of listeningMembers(processSnapshot, marks)) {
    const known = found.get(port) ?? { oldest: process, addresses: [] };
    if (!known.addresses.includes(address)) known.addresses.push(address);
    found.set(port, known);
  }
  return [...found]
    .toSorted(([a], [b]) => a - b)
    .map(([port, { oldest, addresses }]) => ({
      ...{ serviceName, projectDir, port, addresses: addresses.toSorted() },
      ...{ pid: oldest.pid, command: oldest.command },
      ...{ isReserved: reserved.has(port), isOwn: reserved.get(port) === serviceName },
    }));
}

/** The reservations of a service: the name of each by its port. */
async function reservedPorts(
  { store, readConfig }: Supervision,
  { projectDir, serviceName }: Run,
): Promise<ReadonlyMap<number, string>> {
  const { config } = await readConfig(projectDir);
  const isPortless = config?.services.find(({ name }) => name === serviceName)?.port === null;
  const reservations = await store.reservations.list(projectDir);
  return new Map(
    reservations.flatMap(({ serviceName: name, port }) => {
      if (name === null || ownerOfPort(config, name) !== serviceName) return [];
      return isPortless && name === serviceName ? [] : [[port, name] as const];
    }),
  );
}

/** The ports that services listen on, as `--json` and MCP report them. */
export function portsDocument(ports: readonly ServicePort[]): PortsDocument {
  return { ports: ports.map(({ isReserved, isOwn: _, ...same }) => ({ ...same, reserved: isReserved })) };
}
