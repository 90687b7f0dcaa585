import { setupName } from '@candle/core/config';
import { serviceStarted } from '@candle/core/events';
import { readLastLines } from '@candle/core/logs';
import { isShimAlive, type Run, readRecord, runDir } from '@candle/core/runs';
import {
  fingerprint,
  isSameSetup,
  type KnownServices,
  type ServiceDefinition,
  setupDefinition,
} from '@candle/core/services';
import { ensureSupervisor } from '../client/ensure-supervisor.ts';
import { recordRunExit } from '../daemon/record-exit.ts';
import { launchUnlessKept } from '../launch/start-service.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import { SetupFailedError } from './errors.ts';
import { hashInputs, isInstalled } from './setup-inputs.ts';

const pollMs = 50;

export interface SetupOptions {
  /** False: the setup is skipped. */
  readonly setup?: boolean | undefined;
  /** Called with the run of the setup when it begins, or when there is one already. The start waits for the result. */
  readonly onSetup?: ((run: Run) => Promise<void>) | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  /** Ends the wait at once, with its reason. The setup continues. */
  readonly signal?: AbortSignal | undefined;
}

type KnownProject = Pick<KnownServices, 'projectDir' | 'config'>;

/**
 * Runs the setup of a project, unless it has already been completed with the same command and the same inputs. Of many
 * callers at once, one runs it and the others wait for it. Returns whether there was anything to wait for.
 * `isForced`: runs it even if it was completed.
 * @throws SetupFailedError, SetupInputUnreadableError, and the errors of launchRun
 */
export async function runSetup(
  supervision: Supervision,
  { projectDir, config }: KnownProject,
  { isForced = false, ...options }: SetupOptions & { readonly isForced?: boolean },
): Promise<boolean> {
  if (config?.setup === undefined) return false;
  const { setup, directory } = config;
  const inputsHash = hashInputs(setup, { projectDir, directory });
  const definition = setupDefinition(projectDir, setup, { directory, inputsHash });
  const isCompleted = () => isSetupCompleted(supervision, definition, () => isInstalled(setup, projectDir));
  // Most starts find it completed, and need no lock.
  for (let hasWaited = false; ; hasWaited = true) {
    if (!isForced && (await isCompleted()) && !(await findUnfinished(supervision, projectDir))) return hasWaited;
    const launched = await launchUnlessKept(supervision, definition, {
      config,
      keep: (run) => !hasExited(supervision, run),
      isNeeded: async () => isForced || !(await isCompleted()),
      onWaiting: options.onWaiting,
    });
    if (launched === undefined) return hasWaited;
    const { run, isKept } = launched;
    if (!isKept) await confirm(supervision, run);
    await awaitSetup(supervision, run, options);
    // A setup of another command may have had other inputs. This one may have changed its own inputs, which does not make
    // it run again.
    if (!isKept || isForced) return true;
  }
}

/** Whether the last setup that succeeded had this command and these inputs, or the user has installed everything. */
async function isSetupCompleted(
  { store, clock, stateDir }: Supervision,
  definition: ServiceDefinition,
  isInstalledAlready: () => boolean,
): Promise<boolean> {
  const { projectDir, name } = definition;
  const wanted = fingerprint(definition);
  const known = await store.setups.find(projectDir);
  if (known === wanted) return true;
  const last = (await store.runs.listOfService(projectDir, name)).at(-1);
  // The command that started the run may have been killed before it could record that it succeeded.
  const hasSucceeded = last?.fingerprint === wanted && isSuccess(last, stateDir);
  const mayBeInstalled = known === undefined || isSameSetup(known, wanted);
  if (!hasSucceeded && !(mayBeInstalled && isInstalledAlready())) return false;
  await store.setups.record(projectDir, wanted, clock.nowMs());
  return true;
}

/** A setup that was asked to stop may end with code 0 too. */
function isSuccess({ id, status, endReason }: Run, stateDir: string): boolean {
  const wasStopped = status === 'stopping' || (endReason !== null && endReason !== 'exited');
  return !wasStopped && readRecord(runDir(stateDir, id).exit) === 0;
}

async function findUnfinished(supervision: Supervision, projectDir: string): Promise<Run | undefined> {
  const active = await supervision.store.runs.findActive(projectDir, setupName);
  return active && !hasExited(supervision, active) ? active : undefined;
}

/** Processes that it has left behind may still be running. */
function hasExited({ stateDir }: Supervision, run: Run): boolean {
  return readRecord(runDir(stateDir, run.id).exit) !== undefined;
}

/** Records the end of the run if it is over. If only its shim was killed, its command may still be running. */
async function isOver(supervision: Supervision, run: Run): Promise<boolean> {
  if (isShimAlive(runDir(supervision.stateDir, run.id))) return false;
  const fate = await recordRunExit(supervision, run.id);
  return fate === 'over' || (fate === 'members-alive' && hasExited(supervision, run));
}

/** From now on, the supervisor records its end, even if this process is killed. */
async function confirm(supervision: Supervision, run: Run): Promise<void> {
  const nowMs = supervision.clock.nowMs();
  if (await supervision.store.runs.confirm(run.id, nowMs)) supervision.announce(serviceStarted(run, nowMs));
}

/** @throws SetupFailedError */
async function awaitSetup(
  supervision: Supervision,
  run: Run,
  { onSetup, signal }: Pick<SetupOptions, 'onSetup' | 'signal'>,
): Promise<void> {
  const { store, clock, waiting, stateDir } = supervision;
  const supervised = ensureSupervisor(supervision);
  const shown = onSetup?.(run);
  // Its failure is thrown below, unless the setup fails first.
  shown?.catch(() => undefined);
  while (!(await isOver(supervision, run))) {
    signal?.throwIfAborted();
    await waiting.sleep(pollMs);
  }
  await shown;
  const trouble = await supervised;
  if (trouble) supervision.onSupervisorTrouble?.(trouble);
  const ended = (await store.runs.find(run.id)) ?? run;
  if (isSuccess(ended, stateDir)) {
    await store.setups.record(run.projectDir, run.fingerprint, clock.nowMs());
    return;
  }
  throw new SetupFailedError(ended, await readLastLines(stateDir, run));
}
