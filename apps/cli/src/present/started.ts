import {
  advise,
  type Command,
  candle,
  type Hint,
  lines,
  printable,
  quote,
  sentences,
  showPath,
} from '@candle/core/errors';
import { pipedInsteadText } from '@candle/core/logs';
import type { Run } from '@candle/core/runs';
import type { ListedService, OnProgress, StartedService, StartedServices, StartProgress } from '@candle/supervisor';
import type { OwnProjectCommand } from '../host/own-command.ts';
import { isMisplaced, renderPortCheckNote } from './services.ts';

/** Reports the progress of a start, and its result. */
export class StartReport {
  readonly #command: OwnProjectCommand;
  readonly #onLaunched: ((run: Run) => void) | undefined;
  /** The URL that was reported with each run. */
  readonly #launched = new Map<string, string | undefined>();
  /** The services that were reported to listen on the wrong port. */
  readonly #misplaced = new Set<string>();

  /** `onLaunched` is called after the report of each process that was started. */
  constructor(command: OwnProjectCommand, onLaunched?: (run: Run) => void) {
    this.#command = command;
    this.#onLaunched = onLaunched;
  }

  readonly onProgress: OnProgress = (service, progress) => {
    if (progress.kind === 'launched') this.#reportLaunch(progress.run, progress.url);
    else if (progress.kind === 'waiting') {
      if (progress.isMisplaced) this.#misplaced.add(service.name);
      noteWaiting(this.#command, service.name, progress);
    } else if (progress.kind === 'done' && 'run' in progress.result) this.#reportResult(progress.result, progress);
  };

  /** Reports problems of services that were started, and then throws what failed. */
  async finish(outcomes: StartedServices) {
    const { startDocument, throwFailures } = await this.#command.host.useCases();
    for (const started of outcomes.done) {
      const isReported = this.#misplaced.has(started.run.serviceName);
      await noteTrouble(this.#command, started, { isReported });
    }
    throwFailures(outcomes);
    return startDocument(outcomes);
  }

  #reportResult(started: StartedService, { isRequested }: { isRequested: boolean }): void {
    const { run, outcome, url } = started;
    if (outcome === 'kept') {
      if (isRequested) this.#command.log(renderKept(started));
      return;
    }
    // Another command has started it instead.
    if (!this.#launched.has(run.id)) this.#reportLaunch(run, url);
    // Only now it is known which scheme it speaks, and where it listens.
    else if (url !== undefined && url !== this.#launched.get(run.id))
      this.#command.log(`[URL of '${run.serviceName}': ${printable(url)}]`);
    if (outcome === 'finished') this.#command.log(`[Process '${run.serviceName}' finished with code 0]`);
  }

  #reportLaunch(run: Run, url: string | undefined): void {
    this.#launched.set(run.id, url);
    this.#command.log(renderLaunched(run, url));
    this.#onLaunched?.(run);
  }
}

/** Says what a service still needs to become ready. */
export function noteWaiting(
  command: OwnProjectCommand,
  name: string,
  { awaited, isMisplaced }: Extract<StartProgress, { kind: 'waiting' }>,
): void {
  const what = printable(awaited);
  // A problem, and not only something that takes long.
  const problem = `Service ${quote(name)} ${what.replace(/^it /, '')}`;
  command.note(isMisplaced ? problem : `Waiting for ${quote(name)}: ${what}`);
}

function renderLaunched({ serviceName, shell, root, port }: Run, url: string | undefined): string {
  return [
    `[Started process '${serviceName}'] $ ${printable(shell)}`,
    `[With root directory: ${showPath(root)}]`,
    ...(port === null ? [] : [`[PORT: ${port}]`]),
    ...(url === undefined ? [] : [`[URL: ${printable(url)}]`]),
  ].join('\n');
}

function renderKept({ run, pid, isReady, portCheck, url }: StartedService): string {
  if (isReady === null) return `[Already done: '${run.serviceName}']`;
  const address = url === undefined ? (run.port === null ? undefined : `port ${run.port}`) : printable(url);
  const where = address === undefined ? '' : `, ${address}${renderPortCheckNote(portCheck)}`;
  return `[Already running: '${run.serviceName}', pid ${pid ?? 'unknown'}${where}]`;
}

/** Reports a problem with a service that was started. `isReported`: of a wrong port, only the fix is missing. */
export async function noteTrouble(
  command: OwnProjectCommand,
  started: StartedService,
  { isReported = false }: { isReported?: boolean } = {},
): Promise<void> {
  const { describePortCheck } = await command.host.useCases();
  const { run, portCheck } = started;
  const isKnown = isReported && isMisplaced(portCheck);
  const trouble = isKnown ? portCheck?.fix : renderTrouble(started, describePortCheck);
  if (trouble != null) command.note(trouble);
  if (lacksMainProcess(started)) command.note(renderNoMainProcess(run.serviceName));
  if (started.isPipedInstead) command.note(`Service ${quote(run.serviceName)}: ${pipedInsteadText}`);
  await noteUnreserved(command, { name: run.serviceName, runId: run.id, portCheck });
}

function lacksMainProcess({ definition, outcome, stopTarget }: StartedService): boolean {
  return outcome === 'running' && definition.stopTarget === 'main' && stopTarget === 'tree';
}

function renderNoMainProcess(name: string): string {
  return `Service '${name}' has no single main process, so a stop signals all of its processes, as with "stopTarget": "tree"`;
}

/** Explains that a service listens on a port that is not reserved, unless a command has done that for this run. */
export async function noteUnreserved(
  command: OwnProjectCommand,
  { name, runId, portCheck }: Pick<ListedService, 'name' | 'runId' | 'portCheck'>,
): Promise<void> {
  if (portCheck?.status !== 'unreserved' || runId === null || command.jsonEnabled()) return;
  const { describePortCheck, takeUnreservedReport } = await command.host.useCases();
  if (!takeUnreservedReport(command.host.candle(), runId)) return;
  command.note(lines(`Service '${name}' ${describePortCheck(portCheck)}`, ...hintOf(portCheck)));
}

/** Describes on stderr a problem with the reserved port, including the fix, or else with readiness. */
function renderTrouble(started: StartedService, describe: DescribePortCheck): Hint | undefined {
  const { definition, run, outcome, awaited, portCheck, isSilent, question } = started;
  const name = `Service '${run.serviceName}'`;
  const more = candle('logs', run.serviceName);
  if (isSilent && outcome === 'running') {
    const what = `${name} does not listen on any port`;
    const change = 'set "port": null in .candle.json, so that its start does not wait for that';
    if (question !== undefined)
      return lines(what, question, ...(definition.isTransient ? [] : [`If it never listens, ${change}`]));
    if (!definition.isTransient) return sentences(what, `If it never does, ${change}`);
  }
  if (portCheck && isMisplaced(portCheck)) return lines(`${name} ${describe(portCheck)}`, ...hintOf(portCheck));
  if (awaited === undefined) return undefined;
  if (definition.oneshot) return advise(`The job '${run.serviceName}' is still running`, more);
  if (portCheck?.status === 'not-listening' && definition.ready.kind === 'reserved-port') {
    // The command that started it has reported this; a service that never listens must not be reported each time.
    if (outcome === 'kept') return undefined;
    return lines(advise(`${name} is running, but ${describe(portCheck)}`, more), ...hintOf(portCheck));
  }
  const unready = advise(`${name} is running, but is not ready yet (${awaited})`, more);
  return question === undefined ? unready : lines(unready, question);
}

type PortCheck = NonNullable<StartedService['portCheck']>;
type DescribePortCheck = (portCheck: PortCheck) => string;

function hintOf({ fix }: PortCheck): readonly Hint[] {
  return fix === null ? [] : [fix];
}

/** Suggests the next command after a start. */
export function noteNextAfter(
  command: OwnProjectCommand,
  { done: [first, ...others] }: Pick<StartedServices, 'done'>,
): void {
  if (first !== undefined) command.noteNext(nextOf([first, ...others]));
}

/** The most useful command: find out who uses the port, wait for an unready service, or read the output. */
function nextOf(started: readonly [StartedService, ...StartedService[]]): Command {
  const [first] = started;
  const conflict = started.find(({ portCheck }) => portCheck?.status === 'conflict')?.portCheck;
  if (conflict) return candle('who-has', String(conflict.port));
  // A service that listens on the wrong port never becomes ready.
  const unready = started.find(({ isReady, portCheck }) => isReady === false && !isMisplaced(portCheck));
  if (unready) return candle('wait-for-ready', unready.run.serviceName);
  return started.length === 1 ? candle('logs', first.run.serviceName) : candle('ps');
}
