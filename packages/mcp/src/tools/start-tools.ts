import { described, readyService, type StartDocument, startedServices, upServices } from '@candle/documents';
import type { OnProgress, StartedServices, StartInput } from '@candle/supervisor';
import * as v from 'valibot';
import type { ToolContext } from '../call/tool-context.ts';
import type { Supervised } from '../host.ts';
import {
  configuredPort,
  defineTool,
  projectDir,
  readyTimeout,
  serviceName,
  serviceNames,
  serviceRoot,
  serviceShell,
  timeout,
  wait,
} from '../tool.ts';

export const up = defineTool({
  name: 'Up',
  useCase: 'up',
  title: 'Start the services of the project',
  description:
    'Brings the running services in line with .candle.json, and waits until all are ready: starts those that are not running, dependencies first, restarts those whose definition has changed, and leaves the others alone. Safe to call at any time, even several times in parallel. The result says for each service what was done, with its URL; if ready is false, error says why a service failed, with its last lines of output and what to do.',
  input: v.pipe(
    v.object({
      names: serviceNames(
        'Services to start, with those that they depend on. If omitted, all services except those with "autostart": false.',
      ),
      move: v.optional(
        described(
          v.boolean(),
          'First reserve other ports for the given services, for example because another process uses them.',
        ),
      ),
      removeOrphans: v.optional(
        described(
          v.boolean(),
          'Stop the services that are running and are no longer configured. If omitted, they are only reported.',
        ),
      ),
      timeout: readyTimeout,
      projectDir,
    }),
    v.check((input) => !input.move || (input.names ?? []).length > 0, 'move requires names'),
  ),
  output: upServices,
  async run(context, { names = [], move, removeOrphans, timeout, ...rest }) {
    const projectDir = await context.findProjectDir(rest, { allowNew: false, requireDirectory: true });
    const { signal, progress } = context;
    progress.update(names.length === 0 ? 'Starting the services' : `Starting ${names.join(', ')}`);
    const { up, upDocument, findFixedAddresses, supervision, onWaiting, onNewCommands } = await context.supervise();
    const timeoutMs = timeout === undefined ? undefined : timeout * 1000;
    const input = {
      projectDir,
      names,
      move,
      removeOrphans,
      timeoutMs,
      signal,
      onWaiting,
      onNewCommands,
      onSetup: noteSetup(progress),
      onProgress: noteWaiting(progress),
    };
    return { ...upDocument(await up(supervision, input)), fixedAddresses: await findFixedAddresses(projectDir) };
  },
});

export const startService = defineTool({
  name: 'StartService',
  useCase: 'start',
  title: 'Start a service',
  description:
    'Starts a configured service in the background, with PORT set to its reserved port, and waits until it is ready (a few seconds at most, or as set by wait). If the service is already running, it is stopped and started again; to leave it alone, use CheckStartService. Services that it depends on are started first if they are not running. The service keeps running after this server exits; to stop it, use KillService. If the service fails to start, the error contains its last lines of output.',
  input: v.object({
    name: serviceName('Service to start.'),
    move: v.optional(
      described(v.boolean(), 'First reserve another port for it, for example because another process uses its port.'),
    ),
    wait,
    projectDir,
  }),
  output: startedServices,
  run: (context, { move, ...call }) =>
    startServices(context, call, ({ start, supervision }, input) => start(supervision, { ...input, move })),
});

export const startTransientService = defineTool({
  name: 'StartTransientService',
  useCase: 'start',
  title: 'Start a command as a service, without configuring it',
  description:
    'Runs a command in the background under a name, with PORT set to the port reserved for that name, and keeps its output. Use it for commands that you need only once; to configure a service permanently, use AddServerConfig. If a transient service with that name is running, it is stopped first. Fails if .candle.json has a service with that name: in that case, use StartService.',
  input: v.object({
    name: serviceName('Name of the service, for use with other tools.'),
    shell: serviceShell,
    root: v.optional(serviceRoot),
    port: v.optional(
      configuredPort(
        'Port to reserve for it if it has none: auto, or a number. If that port is not available, the next free port after it is reserved.',
      ),
    ),
    wait,
    projectDir,
  }),
  output: startedServices,
  run: (context, { shell, root, port, ...call }) =>
    startServices(context, { ...call, allowNew: true }, ({ start, supervision }, input) =>
      start(supervision, { ...input, transient: { shell, root, port } }),
    ),
});

export const checkStartService = defineTool({
  name: 'CheckStartService',
  useCase: 'check-start',
  title: 'Start a service unless it is running',
  description:
    'Makes sure that a configured service is running: starts it if it is not running, waits for it if it is starting, and leaves it alone if it is running. Safe to call at any time, even several times in parallel. Without name: all services of the project with autostart.',
  input: v.object({
    name: v.optional(
      serviceName('Service that must be running. If omitted, all services except those with "autostart": false.'),
    ),
    wait,
    projectDir,
  }),
  output: startedServices,
  run: (context, call) =>
    startServices(context, { ...call, all: 'the services' }, ({ checkStart, supervision }, input) =>
      checkStart(supervision, input),
    ),
});

export const restartService = defineTool({
  name: 'RestartService',
  useCase: 'restart',
  title: 'Restart services',
  description:
    'Stops a service and starts it with its current configuration. A service that is not running is started. Without name: all running services of the project.',
  input: v.object({
    name: v.optional(serviceName('Service to restart. If omitted, all running services.')),
    wait,
    projectDir,
  }),
  output: startedServices,
  run: (context, call) =>
    startServices(context, { ...call, all: 'the running services' }, ({ restart, supervision }, input) =>
      restart(supervision, input),
    ),
});

export const waitForReady = defineTool({
  name: 'WaitForReady',
  useCase: 'wait-for-ready',
  title: 'Wait until a service is ready',
  description:
    'Waits until a started service is ready: by default, until something listens on its port. Returns immediately if it is already ready. Fails with the last lines of output if the service is not running, exits, or is not ready in time. Does not change the service, and can be cancelled.',
  input: v.object({ name: serviceName('Service to wait for.'), timeout, projectDir }),
  output: readyService,
  async run(context, { name, timeout, ...rest }) {
    const dir = await context.findProjectDir(rest, { allowNew: false });
    const timeoutMs = timeout * 1000;
    context.progress.update(`Waiting for '${name}' to be ready`, timeoutMs);
    const input = { projectDir: dir, name, timeoutMs, signal: context.signal };
    const { waitForReady, readyDocument, supervision } = await context.supervise();
    return readyDocument(await waitForReady(supervision, input));
  },
});

/** Shows in the client's progress what the call waits for. The output is available from GetLogs. */
function noteSetup(progress: ToolContext['progress']): NonNullable<StartInput['onSetup']> {
  return async ({ shell }) => progress.update(`Running the setup of the project: ${shell}`);
}

/** Shows in the client's progress what a service still needs to become ready. */
function noteWaiting(progress: ToolContext['progress']): OnProgress {
  return (service, event) => {
    if (event.kind === 'waiting') progress.update(`Waiting for '${service.name}': ${event.awaited}`);
  };
}

interface StartCall {
  readonly name?: string | undefined;
  /** Shown in the client's progress if there is no name. */
  readonly all?: string;
  /** Seconds. */
  readonly wait?: number | undefined;
  readonly projectDir?: string | undefined;
  /** Whether a directory without a project becomes one. */
  readonly allowNew?: boolean;
}

/**
 * Shared by all tools that start services: finds the project, and handles cancellation, progress and the result.
 * @throws the failures of the services
 */
async function startServices(
  context: ToolContext,
  { name, all = '', wait, projectDir: given, allowNew = false }: StartCall,
  begin: (parts: Supervised, input: StartInput) => Promise<StartedServices>,
): Promise<StartDocument> {
  const projectDir = await context.findProjectDir({ projectDir: given }, { allowNew, requireDirectory: true });
  const { signal, progress } = context;
  const waitMs = wait === undefined ? undefined : wait * 1000;
  progress.update(`Starting ${name === undefined ? all : `'${name}'`}`, waitMs);
  const parts = await context.supervise();
  const names = name === undefined ? [] : [name];
  const { onWaiting, onNewCommands } = parts;
  const onSetup = noteSetup(progress);
  const onProgress = noteWaiting(progress);
  const input = { projectDir, names, signal, onWaiting, onNewCommands, onSetup, onProgress, waitMs };
  const outcomes = await begin(parts, input);
  parts.throwFailures(outcomes);
  return parts.startDocument(outcomes);
}
