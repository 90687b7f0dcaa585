import {
  isCandleError,
  type KnownServices,
  movePorts,
  type PortClaim,
  referencedServices,
  reserveWishedPorts,
  resolveTemplates,
  type ServiceDefinition,
} from '@candle/core';
import type { StartPlan } from '../dependencies/start-plan.ts';
import { portsByService } from '../launch/given-variables.ts';
import type { Supervision } from '../supervision.ts';
import { findOutdated } from './find-outdated.ts';
import { throwFailures } from './outcomes.ts';
import type { DisplacedPort, PortChanges } from './port-changes.ts';

export interface SettlePortsInput {
  /** The services asked for get other numbers first. */
  readonly move?: boolean | undefined;
}

/**
 * Reserves what the services of the project wish for, so that each of them can be told the ports of all the others before
 * any of them is started.
 * @throws what movePorts and reserveWishedPorts throw of a service that the plan needs
 */
export async function settlePorts(
  supervision: Supervision,
  { config, projectDir }: Pick<KnownServices, 'config' | 'projectDir'>,
  { definitions, named }: Pick<StartPlan, 'definitions' | 'named'>,
  { move = false }: SettlePortsInput = {},
): Promise<PortChanges> {
  const excludedPorts = config?.excludedPorts ?? [];
  const asked = definitions.filter(({ name }) => named.has(name));
  const moves = move ? await movePorts(supervision, { projectDir, services: asked, excludedPorts }) : [];
  const transient = asked.filter(({ isTransient }) => isTransient);
  const needed = new Set(definitions.flatMap((one) => [one.name, ...referencedServices(one)]));
  const { claims } = await reserveWishedPorts(supervision, {
    projectDir,
    services: [...(config?.services ?? []), ...transient],
    excludedPorts,
    needed: [...needed],
  });
  return {
    displaced: [...claims.flatMap(findDisplaced), ...(await findKept(supervision, transient, claims))],
    moved: moves.filter(({ from }) => from !== undefined),
    outdated: await findOutdated(supervision, projectDir, { moves, startedAnew: named }),
  };
}

/** @throws TemplateWithoutPortError, InvalidTemplateError, or SeveralServicesFailedError for several of them */
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

function findDisplaced({ reservation, displaced }: PortClaim): readonly DisplacedPort[] {
  if (displaced === undefined || reservation.serviceName === null) return [];
  const { port: preferred, by } = displaced;
  const { serviceName, port } = reservation;
  const owner = displaced.by === 'reserved' ? displaced.reservation : undefined;
  return [{ serviceName, preferred, port, by, owner }];
}

/** The number was typed, so whoever typed it is told; of a configured one that would be said at every start. */
async function findKept(
  { store }: Supervision,
  transient: readonly ServiceDefinition[],
  claims: readonly PortClaim[],
): Promise<readonly DisplacedPort[]> {
  const found = transient.map(async ({ projectDir, name, port: wish }): Promise<readonly DisplacedPort[]> => {
    if (wish === undefined || wish.kind === 'auto') return [];
    if (claims.some(({ reservation }) => reservation.serviceName === name)) return [];
    const port = (await store.reservations.find(projectDir, name))?.port;
    return port === undefined || port === wish.port
      ? []
      : [{ serviceName: name, preferred: wish.port, port, by: 'kept' }];
  });
  return (await Promise.all(found)).flat();
}
