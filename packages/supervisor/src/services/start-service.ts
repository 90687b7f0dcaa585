import type { Run, ServiceDefinition, ServiceKey, ServiceRecord } from '@candle/core';
import { ensureSupervisor } from '../client/ensure-supervisor.ts';
import { type Confirmation, confirmRun, isCertain } from '../launch/confirm-run.ts';
import { launchRun } from '../launch/launch-run.ts';
import { observeRun } from '../observe/observe-run.ts';
import type { OnWaiting } from '../stop/stop-news.ts';
import type { Supervision } from '../supervision.ts';
import { StartOvertakenByKillError } from '../turns/errors.ts';
import { inTurn } from '../turns/in-turn.ts';

export interface StartedService {
  readonly definition: ServiceDefinition;
  readonly run: Run;
  /** `kept`: it was running and was left as it is. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** The reserved port that does not accept connections yet. */
  readonly awaitedPort?: number | undefined;
}

const pollMs = 25;
/** A newer request that has not come to a run by then has failed before its run was made. */
const newerRunPatienceMs = 120_000;

export interface StartServiceOptions {
  /** Leave a run that is alive as it is. */
  readonly keep?: boolean;
  readonly onWaiting?: OnWaiting | undefined;
}

/**
 * Starts one service in place of the run that it may have, and waits until that is certain. Of many starts at once the
 * newest decides; the others wait for its run and end with its result.
 * @throws StartOvertakenByKillError, ServiceStartFailedError, TurnHeldError, and what launchRun throws
 */
export async function startService(
  supervision: Supervision,
  definition: ServiceDefinition,
  options: StartServiceOptions = {},
): Promise<StartedService> {
  const launch = options.keep ? launchUnlessAlive : launchAnew;
  for (;;) {
    const first = await launch(supervision, definition, options);
    // Beside the service's own start, and never before it.
    const supervised = ensureSupervisor(supervision);
    const report = async (service: StartedService) => {
      const trouble = await supervised;
      if (trouble) supervision.onSupervisorTrouble?.(trouble);
      return service;
    };
    const kept = first?.isKept ? first.run : undefined;
    if (kept && isCertain(supervision, kept)) return report({ definition, run: kept, outcome: 'kept' });
    for (
      let run = first?.run ?? (await newestRun(supervision, definition));
      run;
      run = await newestRun(supervision, definition)
    ) {
      const confirmation = await confirmRun(supervision, run);
      if (confirmation.kind === 'overtaken') continue;
      return report(started(definition, run, confirmation, { isKept: run === kept }));
    }
  }
}

interface Launched {
  readonly run: Run;
  /** It was alive already; another command may still be waiting for it. */
  readonly isKept: boolean;
}

/** Undefined when a newer request came before this one had its turn. */
async function launchAnew(
  supervision: Supervision,
  definition: ServiceDefinition,
  { onWaiting }: StartServiceOptions,
): Promise<Launched | undefined> {
  const ticket = await request(supervision, definition);
  const isMoot = (service: ServiceRecord) => service.ticket.number > ticket;
  return orWithdraw(supervision, definition, ticket, () =>
    inTurn(supervision, definition, isMoot, async () => ({
      run: await launchRun(supervision, definition, { ticket, onWaiting }),
      isKept: false,
    })),
  );
}

/** Asks only under the turn, so that of many at once the first starts it and the others find it alive. */
async function launchUnlessAlive(
  supervision: Supervision,
  definition: ServiceDefinition,
  { onWaiting }: StartServiceOptions,
): Promise<Launched | undefined> {
  const { projectDir, name } = definition;
  await supervision.store.services.ensure(definition, supervision.self);
  return inTurn(
    supervision,
    definition,
    () => false,
    async () => {
      const active = await supervision.store.runs.findActive(projectDir, name);
      if (active && (await observeRun(supervision, active, { holdsTurn: true })).isAlive) {
        return { run: active, isKept: true };
      }
      const ticket = await request(supervision, definition);
      return orWithdraw(supervision, definition, ticket, async () => ({
        run: await launchRun(supervision, definition, { ticket, onWaiting }),
        isKept: false,
      }));
    },
  );
}

/** A process that asks for many starts does not end with the one that fails; so whoever waits for its run is told. */
async function orWithdraw<T>(
  { store }: Supervision,
  key: ServiceKey,
  ticket: number,
  launch: () => Promise<T>,
): Promise<T> {
  try {
    return await launch();
  } catch (error) {
    // What made the start fail may keep this from being written too; that is not what the caller has to hear.
    await store.services.withdraw(key, ticket).catch(() => undefined);
    throw error;
  }
}

function request({ store, self }: Supervision, { projectDir, name, isTransient, shell, root }: ServiceDefinition) {
  const transient = isTransient ? { shell, root: root ?? null } : null;
  return store.services.request({ projectDir, name, verb: 'start', owner: self, transient });
}

/** The run of the newest request, waited for; undefined when its asker died, or withdrew it, before there was one. */
async function newestRun({ store, processes, waiting }: Supervision, key: ServiceKey): Promise<Run | undefined> {
  const untilMs = waiting.nowMs() + newerRunPatienceMs;
  while (waiting.nowMs() < untilMs) {
    const service = await store.services.find(key);
    if (service?.ticket.verb === 'kill') throw new StartOvertakenByKillError(key);
    const runs = await store.runs.listOfService(key.projectDir, key.name);
    const run = runs.findLast(({ ticket, status }) => ticket === service?.ticket.number && status !== 'starting');
    if (run) return run;
    if (!service || !processes.isAlive(service.ticket.owner)) return undefined;
    await waiting.sleep(pollMs);
  }
  return undefined;
}

function started(
  definition: ServiceDefinition,
  run: Run,
  confirmation: Exclude<Confirmation, { kind: 'overtaken' }>,
  { isKept }: { isKept: boolean },
): StartedService {
  return {
    definition,
    run,
    outcome: isKept && confirmation.kind === 'running' ? 'kept' : confirmation.kind,
    awaitedPort: confirmation.kind === 'running' ? confirmation.awaitedPort : undefined,
  };
}
