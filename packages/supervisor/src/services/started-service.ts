import { type LogPosition, logBeginning, type Run, RunLog, runDir, type ServiceDefinition } from '@candle/core';
import type { Confirmation } from '../launch/confirm-run.ts';
import { type CheckedPort, checkPort } from '../port-check/check-port.ts';
import { servesPort } from '../port-check/decide-port-check.ts';
import { PortInUseError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import { isReadyNow, whatIsAwaited } from '../readiness/is-ready-now.ts';
import type { Supervision } from '../supervision.ts';
import { portAccepts } from '../system/port-accepts.ts';

export interface StartedService {
  readonly definition: ServiceDefinition;
  readonly run: Run;
  /** `kept`: it was running and was left as it is. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** Null when it has finished. */
  readonly isReady: boolean | null;
  /** What its readiness still misses, as a part of a sentence. */
  readonly awaited?: string | undefined;
  /** Null without a reservation, and when it was not this start that has waited for it. */
  readonly portAccepts: boolean | null;
  /** What it makes of its reserved port; null without one, and when it has finished. */
  readonly portCheck: CheckedPort | null;
  /** Where its output begins that nobody can have read yet. */
  readonly logPosition: LogPosition;
}

/** What a start that was waited for has come to. */
export async function describeStarted(
  supervision: Supervision,
  definition: ServiceDefinition,
  run: Run,
  confirmation: Exclude<Confirmation, { kind: 'overtaken' }>,
  { isKept }: { isKept: boolean },
): Promise<StartedService> {
  if (confirmation.kind === 'finished') return describeFinished(definition, run);
  const { awaited } = confirmation;
  return {
    definition,
    run,
    outcome: isKept ? 'kept' : 'running',
    isReady: awaited === undefined,
    awaited,
    portAccepts: run.port === null || isKept ? null : await portAccepts(run.port),
    portCheck: await checkPort(supervision, run),
    logPosition: logBeginning,
  };
}

/**
 * What a service is that was running already.
 * @throws PortHeldError when its port is in the hands of somebody else: it runs, but will not be found where it should be
 */
export async function describeKept(
  supervision: Supervision,
  definition: ServiceDefinition,
  run: Run,
): Promise<StartedService> {
  const isReady = await isReadyNow(supervision, run);
  const portCheck = await checkPort(supervision, run);
  if (!isReady && portCheck?.status === 'conflict' && !servesPort(portCheck)) {
    const { port } = portCheck;
    throw new PortInUseError(definition, await whoHas(supervision, { port, projectDir: run.projectDir }));
  }
  const log = new RunLog(runDir(supervision.stateDir, run.id));
  const logPosition = log.end;
  log.close();
  const awaited = isReady ? undefined : whatIsAwaited(supervision, run);
  return { definition, run, outcome: 'kept', isReady, awaited, portAccepts: null, portCheck, logPosition };
}

/** A program that has ended by itself, and well, before its start was certain. */
export function describeFinished(definition: ServiceDefinition, run: Run): StartedService {
  return {
    definition,
    run,
    outcome: 'finished',
    isReady: null,
    portAccepts: null,
    portCheck: null,
    logPosition: logBeginning,
  };
}
