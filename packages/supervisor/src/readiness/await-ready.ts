import { applyEvent, isShimAlive, type Run, runDir } from '@candle/core/runs';
import { readinessOf } from '../launch/launch.ts';
import { type ObservedRun, observeRun } from '../observe/observe-run.ts';
import { noteInStore } from '../observe/record-run.ts';
import { portAccepts } from '../port-check/inspect-port.ts';
import { type PortCheck, servesPort } from '../port-check/port-check.ts';
import type { Supervision } from '../supervision.ts';
import type { ListeningSockets } from '../system/process-table.ts';
import { clearLostReadiness } from './lost-readiness.ts';
import { isPastStart, isRepeatable, needsReservedPort, openReadyProbe, readyTargetOf } from './open-ready-probe.ts';
import type { PlacementWatch } from './placement-watch.ts';
import type { ProbeOptions, ReadyProbe } from './ready-probe.ts';

export type ReadyOutcome =
  | { readonly kind: 'ready'; readonly run: Run }
  /**
   * `awaited`: what the check was still waiting for, as part of a sentence. `isEarly`: the wait ended before the timeout,
   * because the run listens on other ports than its reserved one and is going to stay that way.
   */
  | { readonly kind: 'unready'; readonly run: Run; readonly awaited: string; readonly isEarly: boolean }
  | { readonly kind: 'ended'; readonly observed: ObservedRun };

/** Interval of the checks whether the run is alive, and whether another process has recorded it as ready. */
const pollMs = 20;
/** The interval for a run without a shim, where only a snapshot of all processes shows whether it is alive. */
const shimlessPollMs = 250;
/** A check that was just started may finish, even with a timeout of 0: a request on a busy machine, or a small command. */
const minWaitMs = 1_000;

/** What a service still needs to become ready. */
export interface Awaited {
  /** As part of a sentence. */
  readonly awaited: string;
  /** It listens on other ports than its reserved one. */
  readonly isMisplaced: boolean;
}

export interface AwaitReadyOptions {
  /** From now on; 0 checks once. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Learns at each step what is missing. */
  readonly report?: { update(awaited: Awaited): void } | undefined;
}

/** Waits until a run is ready, and records that in the database. Checks a run again that was ready before. */
export async function awaitReady(
  supervision: Supervision,
  run: Run,
  options: AwaitReadyOptions,
): Promise<ReadyOutcome> {
  const { timeoutMs, signal } = options;
  const watch = openReadyWatch(supervision, run, readinessOf(supervision, run));
  const close = () => watch.close();
  const timer = setTimeout(close, Math.max(timeoutMs, minWaitMs));
  signal?.addEventListener('abort', close, { once: true });
  try {
    return await poll(supervision, run, watch, options);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', close);
    close();
  }
}

async function poll(
  supervision: Supervision,
  run: Run,
  watch: ReadyWatch,
  { timeoutMs, signal, report }: AwaitReadyOptions,
): Promise<ReadyOutcome> {
  const { waiting } = supervision;
  const deadlineMs = waiting.nowMs() + timeoutMs;
  // Another process may find it ready first.
  const trustsRow = run.status !== 'ready' || !isRepeatable(readinessOf(supervision, run));
  for (;;) {
    signal?.throwIfAborted();
    const isLast = waiting.nowMs() >= deadlineMs;
    // Checked before the state of the run, because a run that ended right after a successful check was not ready.
    const isReady = isLast ? await watch.checkNow() : watch.check();
    const now = await findLiving(supervision, run);
    if ('observed' in now) return { kind: 'ended', observed: now.observed };
    if (isReady || (trustsRow && now.run.status === 'ready'))
      return { kind: 'ready', run: await markReady(supervision, now.run) };
    const isEarly = !isLast && watch.isFinal;
    if (isLast || isEarly) return { kind: 'unready', run: now.run, awaited: watch.awaited, isEarly };
    report?.update(watch);
    const pauseMs = now.hasShim ? pollMs : shimlessPollMs;
    await waiting.sleep(Math.max(1, Math.min(pauseMs, deadlineMs - waiting.nowMs())));
  }
}

/** The current row of the run while it is alive, otherwise how it ended. */
async function findLiving(
  supervision: Supervision,
  run: Run,
): Promise<{ readonly run: Run; readonly hasShim: boolean } | { readonly observed: ObservedRun }> {
  const { projectDir, serviceName } = run;
  const { runs } = supervision.store;
  const now = await runs.findActive(projectDir, serviceName);
  if (now?.id === run.id && isShimAlive(runDir(supervision.stateDir, run.id))) return { run: now, hasShim: true };
  const row = (await runs.listOfService(projectDir, serviceName)).find(({ id }) => id === run.id) ?? run;
  const observed = await observeRun(supervision, row);
  return observed.isAlive ? { run: { ...row, status: observed.status }, hasShim: false } : { observed };
}

/** Only a running run becomes ready: a stop that has begun in the meantime keeps its status. */
export async function markReady(supervision: Supervision, run: Run): Promise<Run> {
  const event = { kind: 'served' } as const;
  const ready = applyEvent(run, event);
  if (ready === run) return run;
  await noteInStore(supervision.store.runs.apply(run.id, event));
  await clearLostReadiness(supervision, run);
  return ready;
}

/** When to check: the first time after `delayMs`, then after pauses that grow from `firstPauseMs` to `intervalMs`. */
interface CheckTimes {
  readonly delayMs: number;
  readonly firstPauseMs: number;
  readonly intervalMs: number;
}

const pauseGrowth = 1.5;
/** Most services are ready within a few hundred milliseconds, so the first checks are close together. */
const firstPauseMs = 20;
/** Reading the sockets of the machine takes milliseconds, and a program that never listens is checked for three seconds. */
const socketTimes: CheckTimes = { delayMs: 50, firstPauseMs: 75, intervalMs: 500 };

/** Most services listen by then, and cost no search for other ports. */
const placementAfterMs = 500;

/** Starts to check whether the run is ready. Must be closed. */
export function openReadyWatch(
  supervision: Supervision,
  run: Run,
  launch: Parameters<typeof openReadyProbe>[2],
): ReadyWatch {
  const { intervalMs } = launch.ready;
  const isSocketCheck = readyTargetOf(run, launch).kind === 'any-port';
  const times = isSocketCheck
    ? socketTimes
    : { delayMs: 0, firstPauseMs: Math.min(firstPauseMs, intervalMs), intervalMs };
  const openPlacement = async () => (await import('./placement-watch.ts')).openPlacementWatch(supervision, run);
  const needsPort = run.port !== null && needsReservedPort(launch.ready);
  const probe = openReadyProbe(supervision, run, launch);
  return new ReadyWatch(probe, times, supervision.waiting.nowMs, needsPort ? openPlacement : undefined);
}

/**
 * Repeats a check in the background: a check may take seconds, and meanwhile the caller has to notice if the run ends.
 */
export class ReadyWatch {
  readonly #probe: ReadyProbe;
  readonly #intervalMs: number;
  readonly #nowMs: () => number;
  #openPlacement: (() => Promise<PlacementWatch>) | undefined;
  #placement: PlacementWatch | undefined;
  readonly #placementAtMs: number;
  #isClosed = false;
  #pauseMs: number;
  #dueAtMs: number;
  #checking: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isReady = false;

  /** `openPlacement`: for a check that needs the reserved port. */
  constructor(
    probe: ReadyProbe,
    { delayMs, firstPauseMs, intervalMs }: CheckTimes,
    nowMs: () => number,
    openPlacement?: (() => Promise<PlacementWatch>) | undefined,
  ) {
    this.#openPlacement = openPlacement;
    this.#placementAtMs = nowMs() + placementAfterMs;
    this.#probe = probe;
    this.#intervalMs = intervalMs;
    this.#nowMs = nowMs;
    this.#pauseMs = firstPauseMs;
    this.#dueAtMs = nowMs() + delayMs;
  }

  /** Whether a check has succeeded so far. Starts the next check if it is due. */
  check(): boolean {
    if (this.#failure) throw this.#failure.error;
    if (this.#isReady) return true;
    if (this.#nowMs() >= this.#dueAtMs) void this.#begin();
    this.#placement?.check();
    if (this.#openPlacement && this.#nowMs() >= this.#placementAtMs) this.#beginPlacement(this.#openPlacement);
    return false;
  }

  #beginPlacement(open: () => Promise<PlacementWatch>): void {
    this.#openPlacement = undefined;
    open().then(
      (placement) => {
        if (this.#isClosed) placement.close();
        else this.#placement = placement;
      },
      (error: unknown) => {
        this.#failure = { error };
      },
    );
  }

  /** Like `check`, but waits for the result of the check in progress, or of a new one. */
  async checkNow(): Promise<boolean> {
    if (!this.#isReady) await this.#begin();
    return this.check();
  }

  /** What is missing, as part of a sentence. */
  get awaited(): string {
    return this.#placement?.awaited ?? this.#probe.awaited;
  }

  /** Whether it listens on other ports than its reserved one now. */
  get isMisplaced(): boolean {
    return this.#placement?.awaited !== undefined;
  }

  /** Whether it listens on the wrong port and is going to stay that way, so that waiting is useless. */
  get isFinal(): boolean {
    return this.#placement?.isFinal ?? false;
  }

  close(): void {
    this.#isClosed = true;
    this.#placement?.close();
    this.#probe.close();
  }

  #begin(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
      this.#dueAtMs = this.#nowMs() + this.#pauseMs;
      this.#pauseMs = Math.min(this.#pauseMs * pauseGrowth, this.#intervalMs);
    });
    return this.#checking;
  }

  async #check(): Promise<void> {
    try {
      this.#isReady = await this.#probe.check();
    } catch (error) {
      this.#failure = { error };
    }
  }
}

/** Checks once whether a live run is ready, also if it was ready before. Records nothing except whether the service uses TLS. */
export async function checkReadyNow(
  supervision: Supervision,
  run: Run,
  options: ProbeOptions = {},
): Promise<{ readonly isReady: boolean; readonly awaited: string }> {
  const launch = readinessOf(supervision, run);
  const isRecorded = isRecordedReady(run) && !isRepeatable(launch);
  const probe = openReadyProbe(supervision, run, launch, options);
  try {
    return { isReady: isRecorded || (await probe.check()), awaited: probe.awaited };
  } finally {
    probe.close();
  }
}

/**
 * Whether a live run is ready, as far as can be determined without sending it requests or running commands: for a check of
 * a port now, and for other checks when the supervisor last repeated them. `portCheck`: that of the run. Writes nothing.
 */
export async function isReadyNow(
  supervision: Supervision,
  run: Run,
  { portCheck, sockets }: { portCheck: Pick<PortCheck, 'port' | 'listensOn'> | null; sockets: () => ListeningSockets },
): Promise<boolean> {
  if (run.status === 'starting' || run.status === 'stopping') return false;
  const launch = readinessOf(supervision, run);
  if (isRecordedReady(run) && !isRepeatable(launch)) return true;
  const target = readyTargetOf(run, launch);
  switch (target.kind) {
    case 'none':
    case 'any-port':
      return isPastStart(supervision, run, target);
    case 'reserved-port':
      return portCheck !== null && servesPort(portCheck);
    case 'port':
      // A forwarded port has no listener that is visible here.
      return sockets().on(target.port).length > 0 || (await portAccepts(target.port));
    default:
      return isRecordedReady(run);
  }
}

/** Whether a detached run was ready before its main program exited is not recorded. */
function isRecordedReady({ status, confirmedAtMs }: Run): boolean {
  return status === 'ready' || (status === 'detached' && confirmedAtMs !== null);
}
