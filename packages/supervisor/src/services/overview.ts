import { CandleError, candle, commandsIn, type Hint } from '@candle/core/errors';
import { findErrorLine, readLastLines } from '@candle/core/logs';
import { type ProjectContext, projectGone, readProjectContext } from '@candle/core/projects';
import type { Supervision } from '../supervision.ts';
import { type ListedService, list } from './list.ts';

/** A service, and what it printed before it failed. */
export interface OverviewService extends ListedService {
  /** Undefined unless it has failed and printed something. */
  readonly lastError: string | undefined;
}

/** The state of a project. */
export interface ProjectOverview {
  readonly project: ProjectContext;
  /** Those with a problem first, the worst ones at the beginning. */
  readonly services: readonly OverviewService[];
  /** Why the configuration cannot be used. */
  readonly configError: CandleError | undefined;
  /** The command to run next. */
  readonly next: Hint | undefined;
}

/** Describes the state of a project, and what to do next. Read-only. */
export async function overview(
  supervision: Supervision,
  { projectDir }: { readonly projectDir: string },
): Promise<ProjectOverview> {
  const { services, configErrors } = await list(supervision, { projectDir, names: [] });
  const { config } = await supervision.readConfig(projectDir);
  // A project of the database may have no configuration.
  const configError = configErrors.find(({ code }) => code !== 'CONFIG_MISSING');
  const automatic = new Set(config?.services.flatMap(({ name, autostart }) => (autostart ? [name] : [])));
  const project = readProjectContext(projectDir);
  const sorted = services.toSorted((a, b) => severityOf(b) - severityOf(a));
  return {
    project,
    services: await Promise.all(
      sorted.map(async (service) => ({ ...service, lastError: await findLastError(supervision, service) })),
    ),
    configError,
    next: project.isDirectoryGone
      ? await findNextWithoutDirectory(supervision, projectDir, services)
      : configError === undefined
        ? findNext(sorted, automatic)
        : findFix(configError),
  };
}

/** What is wrong with a service, the least severe first. */
const problems = ['outdated', 'not-ready', 'port', 'failed'] as const;
type ServiceProblem = (typeof problems)[number];

type JudgedService = Pick<
  ListedService,
  | ('name' | 'status' | 'isAlive' | 'isReady' | 'exitCode' | 'portCheck' | 'lostReadiness')
  | ('configChanged' | 'isConfigured')
>;

/** The worst problem of a service; undefined if it has none, or is not supposed to run. Pure. */
export function findProblem(service: JudgedService): ServiceProblem | undefined {
  const { status, isAlive, isReady, exitCode, portCheck, configChanged, isConfigured } = service;
  if (!isAlive) {
    const hasEndedWell = status === 'idle' || status === 'done' || (status === 'exited' && exitCode === 0);
    return hasEndedWell ? (portCheck === null ? undefined : 'port') : 'failed';
  }
  if (!isConfigured) return 'outdated';
  // A program that does not listen yet is only not ready.
  if (portCheck !== null && !portCheck.isFine && portCheck.status !== 'not-listening') return 'port';
  if (isReady === false && status !== 'stopping') return 'not-ready';
  return configChanged ? 'outdated' : undefined;
}

function severityOf(service: JudgedService): number {
  const problem = findProblem(service);
  return problem === undefined ? -1 : problems.indexOf(problem);
}

/**
 * The command to run next. Pure.
 * @param services those with the worst problems first @param automatic the services that `up` starts
 */
export function findNext(services: readonly JudgedService[], automatic: ReadonlySet<string>): Hint | undefined {
  const [first] = services;
  if (first === undefined) return { command: candle('init') };
  switch (findProblem(first)) {
    case 'failed':
      return { command: candle('logs', ...namesOfFailed(services)) };
    case 'port': {
      const { status, port } = first.portCheck ?? {};
      const isInUse = status === 'conflict' && port != null;
      return { command: isInUse ? candle('who-has', String(port)) : candle('list', first.name) };
    }
    case 'not-ready':
      return { command: candle(first.lostReadiness === null ? 'wait-for-ready' : 'logs', first.name) };
    case 'outdated':
      return { command: first.isConfigured ? candle('up') : candle('down', first.name) };
  }
  const idle = services.filter(({ isAlive, status }) => !isAlive && status !== 'done');
  if (idle.some(({ name }) => automatic.has(name))) return { command: candle('up') };
  return { command: idle.length === services.length ? candle('start', first.name) : candle('logs', '-f') };
}

/** More names than these would make the command too long to read. */
const maxNames = 4;

function namesOfFailed(services: readonly JudgedService[]): readonly string[] {
  const failed = services.filter((service) => findProblem(service) === 'failed').map(({ name }) => name);
  return failed.slice(0, maxNames);
}

/** Where nothing can be started, what is left of the project can be removed. */
async function findNextWithoutDirectory(
  { store }: Supervision,
  projectDir: string,
  services: readonly ListedService[],
): Promise<Hint | undefined> {
  if (services.some(({ isAlive }) => isAlive)) return { command: candle('down') };
  const hasPorts = (await store.reservations.list(projectDir)).length > 0;
  return hasPorts ? { command: candle('release-ports') } : findFix(projectGone(projectDir, true));
}

/** The first command of the hint of an error. */
function findFix(error: CandleError): Hint | undefined {
  const hint = CandleError.hintOf(error);
  const [command] = hint === undefined ? [] : commandsIn(hint);
  return command && { command };
}

async function findLastError({ store, stateDir }: Supervision, service: ListedService): Promise<string | undefined> {
  if (findProblem(service) !== 'failed' || service.runId === null) return undefined;
  const run = await store.runs.find(service.runId);
  return run && findErrorLine(await readLastLines(stateDir, run));
}
