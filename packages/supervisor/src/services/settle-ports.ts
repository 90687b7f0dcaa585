import {
  isCandleError,
  type KnownServices,
  movePorts,
  type PortClaim,
  type PortWish,
  referencedServices,
  reserveWishedPorts,
  resolveTemplates,
  type ServiceDefinition,
} from '@candle/core';
import type { StartPlan } from '../dependencies/start-plan.ts';
import { portsByService } from '../launch/given-variables.ts';
import { nameListener, namingListener } from '../ports/name-listener.ts';
import type { Supervision } from '../supervision.ts';
import { findOutdated } from './find-outdated.ts';
import { findSoonFree } from './find-soon-free.ts';
import { throwFailures } from './outcomes.ts';
import type { PortChanges } from './port-changes.ts';

export interface SettlePortsInput {
  /** The services asked for get other numbers first. */
  readonly move?: boolean | undefined;
  /** Those that run are left as they are. */
  readonly keep?: boolean | undefined;
}

/**
 * Reserves what the services of the project wish for, so that each of them can be told the ports of all the others before
 * any of them is started.
 * `definitions` are those that are about to be started.
 * @throws what movePorts and reserveWishedPorts throw of one of these, or of one that they refer to
 */
export async function settlePorts(
  supervision: Supervision,
  { config, projectDir }: Pick<KnownServices, 'config' | 'projectDir'>,
  { definitions, named }: Pick<StartPlan, 'definitions' | 'named'>,
  { move = false, keep = false }: SettlePortsInput = {},
): Promise<PortChanges> {
  const excludedPorts = config?.excludedPorts ?? [];
  const asked = definitions.filter(({ name }) => named.has(name));
  const transient = asked.filter(({ isTransient }) => isTransient);
  const services = [...(config?.services ?? []), ...transient];
  const soonFree = keep ? [] : await findSoonFreeFor(supervision, projectDir, { services, replaced: named, move });
  const request = { projectDir, excludedPorts, soonFree };
  const moves = await namingListener(supervision, async () =>
    move ? movePorts(supervision, { ...request, services: asked }) : [],
  );
  const needed = new Set(definitions.flatMap((one) => [one.name, ...referencedServices(one)]));
  const { claims } = await namingListener(supervision, () =>
    reserveWishedPorts(supervision, { ...request, services, needed: [...needed] }),
  );
  const displaced = claims.filter((claim) => claim.displaced !== undefined);
  return {
    displaced: await Promise.all(displaced.map((claim) => nameListener(supervision, claim))),
    kept: await findKept(supervision, transient, claims),
    moved: moves.filter(({ from }) => from !== undefined),
    outdated: await findOutdated(supervision, projectDir, {
      moves,
      startedAnew: new Set(asked.map(({ name }) => name)),
    }),
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

/** Asked only when a number is wished for that is not reserved yet: looking for listeners takes some milliseconds. */
async function findSoonFreeFor(
  supervision: Supervision,
  projectDir: string,
  start: { services: readonly Wishing[]; replaced: ReadonlySet<string>; move: boolean },
): Promise<readonly number[]> {
  const { store } = supervision;
  const { services, replaced, move } = start;
  const reserved = portsByService(await store.reservations.list(projectDir));
  const isOpen = services.some(({ name, port }) => hasNumber(port) && (move || !reserved.has(name)));
  if (!isOpen) return [];
  const runs = (await store.runs.listActive(projectDir)).filter(({ serviceName }) => replaced.has(serviceName));
  return findSoonFree(supervision, runs);
}

type Wishing = Pick<ServiceDefinition, 'name' | 'port'>;

function hasNumber(wish: PortWish | undefined): boolean {
  return wish !== undefined && wish.kind !== 'auto';
}

/** The number was typed, so whoever typed it is told; of a configured one that would be said at every start. */
async function findKept(
  { store }: Supervision,
  transient: readonly ServiceDefinition[],
  claims: readonly PortClaim[],
): Promise<PortChanges['kept']> {
  const kept: PortChanges['kept'][number][] = [];
  for (const { projectDir, name, port: wish } of transient) {
    if (wish === undefined || wish.kind === 'auto') continue;
    if (claims.some(({ reservation }) => reservation.serviceName === name)) continue;
    const reservation = await store.reservations.find(projectDir, name);
    if (reservation && reservation.port !== wish.port) kept.push({ reservation, preferred: wish.port });
  }
  return kept;
}
