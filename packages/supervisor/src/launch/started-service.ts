import { type LogPosition, logBeginning, RunLog } from '@candle/core/logs';
import { type Run, runDir } from '@candle/core/runs';
import type { ServiceDefinition } from '@candle/core/services';
import { type CheckedPort, checkPort } from '../port-check/check-port.ts';
import { portAccepts } from '../port-check/inspect-port.ts';
import { servesPort } from '../port-check/port-check.ts';
import { PortInUseError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import { isReadyNow, whatIsAwaited } from '../readiness/await-ready.ts';
import type { Supervision } from '../supervision.ts';
import type { Confirmation } from './confirm-run.ts';

export interface StartedService {
  readonly definition: ServiceDefinition;
  readonly run: Run;
  /** `kept`: it was already running and was left as it is. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** Null if it has finished. */
  readonly isReady: boolean | null;
  /** What it still needs to become ready, as part of a sentence. */
  readonly awaited?: string | undefined;
  /** Null without a reservation, or if this start did not wait for the service. */
  readonly portAccepts: boolean | null;
  /** Whether it listens on its reserved port; null without a reserved port, or if it has finished. */
  readonly portCheck: CheckedPort | null;
  /** Where the output begins that the caller cannot have read yet. */
  readonly logPosition: LogPosition;
}

/** The result of a start, after waiting for its confirmation. */
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
 * The result for a service that was already running.
 * @throws PortInUseError if another process uses its port: the service runs, but cannot be reached there
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

/** The result for a program that exited successfully before its start was confirmed. */
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
