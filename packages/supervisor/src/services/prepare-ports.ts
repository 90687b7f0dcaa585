import {
  isCandleError,
  type KnownServices,
  movePorts,
  type PortClaim,
  type PortPreference,
  referencedServices,
  reserveConfiguredPorts,
  resolveTemplates,
  type ServiceDefinition,
} from '@candle/core';
import type { StartPlan } from '../dependencies/start-plan.ts';
import { portsByService } from '../launch/given-variables.ts';
import { describeListener, describingListener } from '../ports/describe-listener.ts';
import type { Supervision } from '../supervision.ts';
import { findOutdated } from './find-outdated.ts';
import { findSoonFree } from './find-soon-free.ts';
import { throwFailures } from './outcomes.ts';
import type { PortChanges } from './port-changes.ts';

export interface PreparePortsInput {
  /** The requested services get other ports first. */
  readonly move?: boolean | undefined;
  /** Running services are left as they are. */
  readonly keep?: boolean | undefined;
}

/**
 * Reserves the ports that the services of the project ask for, so that each service can get the ports of all the others
 * before any of them starts.
 * `definitions` are the services that are about to start.
 * @throws the errors of movePorts and reserveConfiguredPorts for these services and for those that they refer to
 */
export async function preparePorts(
  supervision: Supervision,
  { config, projectDir }: Pick<KnownServices, 'config' | 'projectDir'>,
  { definitions, named }: Pick<StartPlan, 'definitions' | 'named'>,
  { move = false, keep = false }: PreparePortsInput = {},
): Promise<PortChanges> {
  const excludedPorts = config?.excludedPorts ?? [];
  const requested = definitions.filter(({ name }) => named.has(name));
  const transient = requested.filter(({ isTransient }) => isTransient);
  const services = [...(config?.services ?? []), ...transient];
  const soonFree = keep ? [] : await findSoonFreeFor(supervision, projectDir, { services, replaced: named, move });
  const request = { projectDir, excludedPorts, soonFree };
  const moves = await describingListener(supervision, async () =>
    move ? movePorts(supervision, { ...request, services: requested }) : [],
  );
  const needed = new Set(definitions.flatMap((one) => [one.name, ...referencedServices(one)]));
  const { claims } = await describingListener(supervision, () =>
    reserveConfiguredPorts(supervision, { ...request, services, needed: [...needed] }),
  );
  const fallbacks = claims.filter((claim) => claim.fallback !== undefined);
  return {
    fallbacks: await Promise.all(fallbacks.map((claim) => describeListener(supervision, claim))),
    kept: await findKept(supervision, transient, claims),
    moved: moves.filter(({ from }) => from !== undefined),
    outdated: await findOutdated(supervision, projectDir, {
      moves,
      restarted: new Set(requested.map(({ name }) => name)),
    }),
  };
}

/** @throws TemplateWithoutPortError, InvalidTemplateError, or SeveralServicesFailedError for several errors */
export async function checkTemplates(
  { store }: Supervision,
  projectDir: string,
  definitions: readonly ServiceDefinition[],
): Promise<void> {
  const ports = portsByService(await store.reservations.list(projectDir));
  throwFailures({
    done: [],
    failed: definitions.flatMap((definition) => {
      try {
        resolveTemplates(definition, { ports });
        return [];
      } catch (error) {
        if (isCandleError(error)) return [error];
        throw error;
      }
    }),
  });
}

/** Searches for listeners, which takes some milliseconds, only if a service prefers a port that is not reserved yet. */
async function findSoonFreeFor(
  supervision: Supervision,
  projectDir: string,
  start: { services: readonly RequestingService[]; replaced: ReadonlySet<string>; move: boolean },
): Promise<readonly number[]> {
  const { store } = supervision;
  const { services, replaced, move } = start;
  const reserved = portsByService(await store.reservations.list(projectDir));
  const isOpen = services.some(({ name, port }) => hasNumber(port) && (move || !reserved.has(name)));
  if (!isOpen) return [];
  const runs = (await store.runs.listActive(projectDir)).filter(({ serviceName }) => replaced.has(serviceName));
  return findSoonFree(supervision, runs);
}

type RequestingService = Pick<ServiceDefinition, 'name' | 'port'>;

function hasNumber(preference: PortPreference | undefined): boolean {
  return preference !== undefined && preference.kind !== 'auto';
}

/** Only transient services: the user has just typed their port. For a configured port, the note would appear at every start. */
async function findKept(
  { store }: Supervision,
  transient: readonly ServiceDefinition[],
  claims: readonly PortClaim[],
): Promise<PortChanges['kept']> {
  const kept: PortChanges['kept'][number][] = [];
  for (const { projectDir, name, port: preference } of transient) {
    if (preference === undefined || preference.kind === 'auto') continue;
    if (claims.some(({ reservation }) => reservation.serviceName === name)) continue;
    const reservation = await store.reservations.find(projectDir, name);
    if (reservation && reservation.port !== preference.port) kept.push({ reservation, preferred: preference.port });
  }
  return kept;
}
