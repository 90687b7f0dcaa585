import type { Run } from '@candle/core/runs';
import {
  fingerprint,
  hasSameSettings,
  type KnownServices,
  type ServiceDefinition,
  setupDefinition,
} from '@candle/core/services';
import { hashInputs, type JobInputs } from '../jobs/job-inputs.ts';
import { awaitEnd, hasSucceeded, launchJob } from '../jobs/run-job.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import { SetupFailedError, SetupInputUnreadableError } from './errors.ts';
import { isInstalled } from './is-installed.ts';

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
  { isForced = false, onWaiting, ...options }: SetupOptions & { readonly isForced?: boolean },
): Promise<boolean> {
  if (config?.setup === undefined) return false;
  const { setup, directory } = config;
  const unreadable: JobInputs['unreadable'] = (path, cause) => new SetupInputUnreadableError(path, cause);
  const inputsHash = hashInputs({ inputs: setup.inputs, projectDir, directory, unreadable });
  const definition = setupDefinition(projectDir, setup, { directory, inputsHash });
  const isDone = () => isSetupCompleted(supervision, definition, () => isInstalled(setup, projectDir));
  for (let hasWaited = false; ; hasWaited = true) {
    const launched = await launchJob(supervision, definition, { config, isDone, isForced, onWaiting });
    if (launched === undefined) return hasWaited;
    await awaitSetup(supervision, launched.run, options);
    // A setup of another command may have had other inputs. This one may have changed its own inputs, which does not make
    // it run again.
    if (!launched.isKept || isForced) return true;
  }
}

/** Whether the last setup that succeeded had this command and these inputs, or the user has installed everything. */
async function isSetupCompleted(
  supervision: Supervision,
  definition: ServiceDefinition,
  isInstalledAlready: () => boolean,
): Promise<boolean> {
  const { store, clock } = supervision;
  const { projectDir, name } = definition;
  const wanted = fingerprint(definition);
  const known = await store.setups.find(projectDir);
  if (known === wanted) return true;
  const last = (await store.runs.listOfService(projectDir, name)).at(-1);
  // The command that started the run may have been killed before it could record that it succeeded.
  const isRecorded = last?.fingerprint === wanted && hasSucceeded(supervision, last);
  const mayBeInstalled = known === undefined || hasSameSettings(known, wanted);
  if (!isRecorded && !(mayBeInstalled && isInstalledAlready())) return false;
  await store.setups.record(projectDir, wanted, clock.nowMs());
  return true;
}

/** @throws SetupFailedError */
async function awaitSetup(
  supervision: Supervision,
  run: Run,
  { onSetup, signal }: Pick<SetupOptions, 'onSetup' | 'signal'>,
): Promise<void> {
  const { store, clock } = supervision;
  const shown = onSetup?.(run);
  // Its failure is thrown below, unless the setup fails first.
  shown?.catch(() => undefined);
  const ended = (await awaitEnd(supervision, run, { signal })) ?? run;
  await shown;
  if (hasSucceeded(supervision, ended)) {
    await store.setups.record(run.projectDir, run.fingerprint, clock.nowMs());
    return;
  }
  const { reportEnd } = await import('../launch/explain-end.ts');
  throw new SetupFailedError(ended, await reportEnd(supervision, ended));
}
