import {
  listRequestedPorts,
  type PortClaim,
  PortNotAvailableError,
  portsOfService,
  type RequestedPort,
} from '@candle/core/ports';
import {
  movePorts,
  type PortMove,
  type Reservation,
  reserveConfiguredPorts,
  ServiceNeverGetsPortError,
  withNewReservations,
} from '@candle/core/reservations';
import { type Run, runDir } from '@candle/core/runs';
import { type KnownServices, referencedPorts, type ServiceDefinition } from '@candle/core/services';
import type { StartPlan } from '../dependencies/start-in-order.ts';
import { findLaunch } from '../launch/launch.ts';
import { portsByName } from '../launch/service-environment.ts';
import { listeningMembers, takeProcessSnapshot } from '../members/find-members.ts';
import { marksOfRun, observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';

/** How the ports of the project changed before anything was started. */
export interface PortChanges {
  /** Reservations that did not get their preferred port. */
  readonly fallbacks: readonly PortClaim[];
  /** Existing reservations for which the user has just asked for a different port. */
  readonly kept: readonly { readonly reservation: Reservation; readonly preferred: number }[];
  readonly moved: readonly PortMove[];
  readonly outdated: readonly OutdatedService[];
}

export const noPortChanges: PortChanges = { fallbacks: [], kept: [], moved: [], outdated: [] };

export interface PreparePortsInput {
  /** The requested services get other ports first. */
  readonly move?: boolean | undefined;
  /** Running services are left as they are. */
  readonly keep?: boolean | undefined;
}

interface ProjectPorts extends Pick<KnownServices, 'config' | 'projectDir'> {
  readonly reservations: readonly Reservation[];
}

export interface PreparedPorts {
  readonly changes: PortChanges;
  /** All reservations of the project after the changes. */
  readonly reservations: readonly Reservation[];
}

/**
 * Reserves the ports that the configuration asks for, so that each service can get the ports of all the others before any of
 * them starts.
 * `definitions` are the services that are about to start. `reservations` are those of the project.
 * @throws the errors of movePorts and reserveConfiguredPorts for these services and for those that they refer to
 */
export async function preparePorts(
  supervision: Supervision,
  { config, projectDir, reservations: before }: ProjectPorts,
  { definitions, named }: Pick<StartPlan, 'definitions' | 'named'>,
  { move = false, keep = false }: PreparePortsInput = {},
): Promise<PreparedPorts> {
  const excludedPorts = config?.excludedPorts ?? [];
  const requested = definitions.filter(({ name }) => named.has(name));
  const transient = requested.filter(({ isTransient }) => isTransient);
  const requestedPorts = [...listRequestedPorts(config), ...transient.flatMap(portsOfService)];
  const soonFree = keep
    ? []
    : await findSoonFreeFor(supervision, projectDir, { requestedPorts, replaced: named, move, reservations: before });
  const request = { projectDir, excludedPorts, soonFree, verb: supervision.startVerb };
  const moves = await explainingObstacle(supervision, config, async () =>
    move ? movePorts(supervision, { ...request, services: portsToMove(requested, before) }) : [],
  );
  // All services get the ports of programs that Candle does not start.
  const entries = definitions.length === 0 ? [] : (config?.ports ?? []);
  const needed = new Set([
    ...definitions.flatMap((one) => [...portsOfService(one).map(({ name }) => name), ...referencedPorts(one)]),
    ...entries.map(({ name }) => name),
  ]);
  const moved = withNewReservations(
    before,
    moves.map(({ to }) => to),
  );
  const { claims, reservations } = await explainingObstacle(supervision, config, () =>
    reserveConfiguredPorts(supervision, {
      ...request,
      reservations: moved,
      requested: requestedPorts,
      needed: [...needed],
    }),
  );
  const fallbacks = claims.filter((claim) => claim.fallback !== undefined);
  const restarted = new Set(requested.map(({ name }) => name));
  const changes: PortChanges = {
    fallbacks: await describeListeners(supervision, fallbacks),
    // For a configured port, this would be reported at every start.
    kept: findKept(
      transient
        .flatMap(portsOfService)
        .filter(({ name }) => !claims.some(({ reservation }) => reservation.serviceName === name)),
      reservations,
    ),
    moved: moves.filter(({ from }) => from !== undefined),
    outdated: await findOutdated(supervision, projectDir, { moves, restarted, reservations }),
  };
  return { changes, reservations };
}

/** Runs `reserve`. If a port is not available, the error says who has it. */
async function explainingObstacle<T>(
  supervision: Supervision,
  config: ProjectPorts['config'],
  reserve: () => Promise<T>,
): Promise<T> {
  try {
    return await reserve();
  } catch (error) {
    if (!(error instanceof PortNotAvailableError)) throw error;
    const { explainObstacle } = await import('./port-obstacles.ts');
    throw await explainObstacle(supervision, config, error);
  }
}

async function describeListeners(supervision: Supervision, fallbacks: readonly PortClaim[]): Promise<PortClaim[]> {
  if (fallbacks.length === 0) return [];
  const { describeListener } = await import('./port-obstacles.ts');
  return Promise.all(fallbacks.map((claim) => describeListener(supervision, claim)));
}

/** A service, or a further port of one, as `movePorts` expects it. */
type MovingPort = Parameters<typeof movePorts>[1]['services'][number];

/**
 * All ports of the services. Of a service that has further ports, those are moved even if its own port cannot be.
 * @throws ServiceNeverGetsPortError if there is nothing to move
 */
function portsToMove(
  services: readonly ServiceDefinition[],
  reservations: readonly Reservation[],
): readonly MovingPort[] {
  const reserved = portsByName(reservations);
  const moving = services.flatMap((service): readonly MovingPort[] => {
    const { name, port } = service;
    const further = portsOfService({ ...service, port: null });
    const isFixed = port?.kind === 'strict' && port.port === reserved.get(name);
    const isOwnLeft = port === null || (further.length > 0 && (isFixed || (port === undefined && !reserved.has(name))));
    return [...(isOwnLeft ? [] : [{ name, port: port ?? undefined }]), ...further];
  });
  const [first] = services;
  if (moving.length === 0 && first !== undefined) throw new ServiceNeverGetsPortError(first.name, first.projectDir);
  return moving;
}

/** Searches for listeners, which takes some milliseconds, only if a preferred port is not reserved yet. */
async function findSoonFreeFor(
  supervision: Supervision,
  projectDir: string,
  {
    requestedPorts,
    replaced,
    move,
    reservations,
  }: {
    readonly requestedPorts: readonly RequestedPort[];
    readonly replaced: ReadonlySet<string>;
    readonly move: boolean;
    readonly reservations: readonly Reservation[];
  },
): Promise<readonly number[]> {
  const reserved = portsByName(reservations);
  const isOpen = requestedPorts.some(({ name, port }) => port.kind !== 'auto' && (move || !reserved.has(name)));
  if (!isOpen) return [];
  const runs = (await supervision.store.runs.listActive(projectDir)).filter(({ serviceName }) =>
    replaced.has(serviceName),
  );
  return findSoonFree(supervision, runs);
}

/** The ports on which only these runs listen. They become free when the runs end. Queries the kernel. */
async function findSoonFree(supervision: Supervision, runs: readonly Run[]): Promise<readonly number[]> {
  if (runs.length === 0) return [];
  const processSnapshot = takeProcessSnapshot(supervision.processes);
  const marks = await Promise.all(runs.map((run) => marksOfRun(supervision, run)));
  const own = marks.flatMap((of) => (of ? listeningMembers(processSnapshot, of) : []));
  const pids = [...new Set(own.map(({ process }) => process.pid))];
  const ports = new Set(own.map(({ port }) => port));
  return [...ports].filter((port) => processSnapshot.sockets().strangersOn(port, pids).length === 0);
}

/** The reservations of another port than the one that is requested. Pure. */
export function findKept(
  requested: readonly RequestedPort[],
  reservations: readonly Reservation[],
): PortChanges['kept'] {
  return requested.flatMap(({ name, port: preference }) => {
    if (preference.kind === 'auto') return [];
    const reservation = reservations.find(({ serviceName }) => serviceName === name);
    return reservation && reservation.port !== preference.port ? [{ reservation, preferred: preference.port }] : [];
  });
}

/** A running service whose environment contains a port or a URL that has since changed. */
export interface OutdatedService {
  readonly name: string;
  readonly projectDir: string;
  readonly runId: string;
  /** Of which its environment contains the old port. */
  readonly moves: readonly PortMove[];
  /** Its variables with an old value that none of these moves explains. */
  readonly variables: readonly string[];
}

/**
 * Finds the running services of the project that still use an old port number, except those that are being restarted. Either
 * a port in their environment has just been moved, or their own port was released and reserved again after they started.
 */
async function findOutdated(
  supervision: Supervision,
  projectDir: string,
  {
    moves,
    restarted,
    reservations,
  }: {
    readonly moves: readonly PortMove[];
    readonly restarted: ReadonlySet<string>;
    readonly reservations: readonly Reservation[];
  },
): Promise<readonly OutdatedService[]> {
  const runs = (await supervision.store.runs.listActive(projectDir)).filter((run) => !restarted.has(run.serviceName));
  const found = await Promise.all(
    runs.map(async (run): Promise<OutdatedService | undefined> => {
      const own = findOwnMove(run, reservations);
      if (moves.length === 0 && own === undefined) return undefined;
      const launch = findLaunch(runDir(supervision.stateDir, run.id));
      const texts = launch ? [launch.shell, ...Object.values(launch.env)] : [];
      const used = moves.filter(
        ({ from }) => from !== undefined && texts.some((text) => containsPort(text, from.port)),
      );
      const outdated = own === undefined ? used : [...used.filter(({ to }) => to.port !== own.to.port), own];
      if (outdated.length === 0 || !(await observeRun(supervision, run)).isAlive) return undefined;
      return { name: run.serviceName, projectDir, runId: run.id, moves: outdated, variables: [] };
    }),
  );
  return found.filter((service) => service !== undefined);
}

/** The move from the port that the run was started with to the port that its service has now. */
function findOwnMove({ serviceName, port }: Run, reservations: readonly Reservation[]): PortMove | undefined {
  const to = reservations.find((reservation) => reservation.serviceName === serviceName);
  return port === null || to === undefined || to.port === port ? undefined : { from: { ...to, port }, to };
}

/** Does not match a part of a longer number. */
function containsPort(text: string, port: number): boolean {
  return new RegExp(`(?<!\\d)${port}(?!\\d)`).test(text);
}
