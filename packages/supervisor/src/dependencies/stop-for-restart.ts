import { dependentsAmong, isCandleError, type ServiceDefinition } from '@candle/core';
import { endRun } from '../stop/end-run.ts';
import type { OnWaiting } from '../stop/stop-news.ts';
import type { Supervision } from '../supervision.ts';
import { inTurn } from '../turns/in-turn.ts';
import { inOrder } from './in-order.ts';
import { requestStarts } from './start-in-order.ts';
import type { StartPlan } from './start-plan.ts';

/**
 * Stops those of the services asked for that depend on each other, each after those that depend on it, so that none of
 * them meets one that is gone. Returns the requests to start them again.
 */
export async function stopForRestart(
  supervision: Supervision,
  { definitions, named }: StartPlan,
  onWaiting: OnWaiting | undefined,
): Promise<ReadonlyMap<string, number>> {
  const asked = definitions.filter(({ name }) => named.has(name));
  const dependents = dependentsAmong(
    definitions,
    asked.map(({ name }) => name),
  );
  const linked = asked.filter(
    ({ name }) => dependents.get(name)?.length || [...dependents.values()].some((names) => names.includes(name)),
  );
  const tickets = await requestStarts(supervision, linked);
  const byName = new Map(linked.map((definition) => [definition.name, definition]));
  const stopped = inOrder<ServiceDefinition, void>(
    ({ name }) => (dependents.get(name) ?? []).flatMap((dependent) => byName.get(dependent) ?? []),
    (definition) => stopOne(supervision, definition, { ticket: tickets.get(definition.name) ?? 0, onWaiting }),
  );
  await Promise.all(linked.map(stopped));
  return tickets;
}

async function stopOne(
  supervision: Supervision,
  definition: ServiceDefinition,
  { ticket, onWaiting }: { ticket: number; onWaiting: OnWaiting | undefined },
): Promise<void> {
  const { projectDir, name } = definition;
  const isMoot = (service: { ticket: { number: number } }) => service.ticket.number > ticket;
  try {
    await inTurn(supervision, definition, isMoot, async () => {
      const run = await supervision.store.runs.findActive(projectDir, name);
      if (run) await endRun(supervision, run, { reason: 'replaced', onWaiting });
    });
  } catch (error) {
    // The start, which would have to stop it too, meets the same and tells it.
    if (!isCandleError(error)) throw error;
  }
}
