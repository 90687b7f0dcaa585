import { identifyServiceRoot, resolveServiceRoot } from '@candle/core/config';
import { type Run, runDir } from '@candle/core/runs';
import {
  findDefinition,
  type KnownServices,
  readEnvFiles,
  readKnownServices,
  readNaming,
  resolveEnv,
  type ServiceDefinition,
  type ServiceKey,
} from '@candle/core/services';
import type { Launch } from '../launch/launch.ts';
import {
  environmentRecord,
  findInterpreter,
  givenVariables,
  portsByName,
  serviceEnvironment,
} from '../launch/service-environment.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import type { Supervision } from '../supervision.ts';
import { StopCommandFailedError } from './errors.ts';
import { runStopCommand } from './run-stop-command.ts';
import { type OnWaiting, stopCommandRuns } from './stop-event.ts';
import type { StoppedRun } from './stop-run.ts';

/**
 * Runs the configured stopCommand of a service whose command exited with code 0 and left no process. The command may
 * have started something elsewhere (`docker compose up -d`) that only the stopCommand can end. Returns undefined if
 * there is nothing to do. `generation` is the newest request that the caller knows; a newer one takes precedence.
 * @throws StopCommandFailedError, ServiceRootMissingError, EnvFileUnreadableError
 */
export async function stopFinished(
  supervision: Supervision,
  key: ServiceKey,
  { generation, onWaiting }: { generation: number; onWaiting: OnWaiting | undefined },
): Promise<StoppedRun | undefined> {
  const run = await findFinished(supervision, key);
  const known = run && (await readKnownServices(supervision, key.projectDir));
  const definition = known && findDefinition(known, key.name);
  if (!run || !known || definition?.stopCommand === undefined) return undefined;
  const shell = definition.stopCommand;
  return withServiceLock(
    supervision,
    key,
    (service) => service.request.generation > generation,
    async () => {
      const root = await resolveServiceRoot(key.projectDir, definition.root);
      const problem = await runStopCommand(supervision, {
        shell,
        root,
        rootIdentity: identifyServiceRoot(definition, root),
        ...(await environmentOf(supervision, definition, { run, config: known.config })),
        timeoutMs: definition.stopTimeoutMs,
        dir: runDir(supervision.stateDir, run.id),
        onWaiting: onWaiting && ((pid) => onWaiting(run, stopCommandRuns(pid))),
      });
      if (problem !== undefined) throw new StopCommandFailedError(run, problem);
      // From now on the service counts as killed, unless there has been a newer request in the meantime.
      await supervision.store.services.killUnlessNewer(key, generation, supervision.self);
      return { run, killed: false, detachedHelpers: [], sharedDaemons: [], waitedForCaller: [], sidePrograms: [] };
    },
  );
}

async function findFinished({ store }: Supervision, { projectDir, name }: ServiceKey): Promise<Run | undefined> {
  const run = (await store.runs.listOfService(projectDir, name)).at(-1);
  return run?.status === 'exited' && run.exitCode === 0 && run.endReason === 'exited' ? run : undefined;
}

/**
 * The environment that a start would use now, but with the port of the run, because the original environment is deleted
 * when a run ends. Templates with ports released in the meantime resolve to empty strings, so that they cannot prevent
 * the stop.
 */
async function environmentOf(
  supervision: Supervision,
  definition: ServiceDefinition,
  { run, config }: { run: Run } & Pick<KnownServices, 'config'>,
): Promise<Pick<Launch, 'env' | 'interpreter'>> {
  const { store, callerEnv, stateDir } = supervision;
  const { name, projectDir } = definition;
  const files = await readEnvFiles(projectDir, definition);
  const reservations = await store.reservations.list(projectDir);
  const naming = await readNaming(supervision, { projectDir, config }, reservations);
  const reserved = portsByName(reservations);
  const ports = run.port === null ? reserved : new Map([...reserved, [name, run.port]]);
  const env = resolveEnv(definition, { ports, config: naming, portless: '' });
  const given = givenVariables({ ...definition, env }, { reservations, config: naming, files });
  const about = { serviceName: name, projectDir, runId: run.id, port: run.port ?? undefined, stateDir };
  const variables = environmentRecord(serviceEnvironment(callerEnv, given, about).variables);
  return { env: variables, interpreter: findInterpreter({ files, env }, callerEnv.PATH) };
}
