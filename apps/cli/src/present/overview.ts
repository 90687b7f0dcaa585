import { CandleError, commandsIn, printable, renderCommand, renderHint } from '@candle/core/errors';
import { describeProject } from '@candle/core/projects';
import type { OverviewDocument } from '@candle/documents';
import type { OverviewService, ProjectOverview } from '@candle/supervisor';
import { type Cell, columnsOf, cutText, renderDuration, renderTable, type TextStyle } from './format.ts';
import { portCell, statusCell } from './services.ts';

/** For a user who does not know Candle yet. */
const firstCommands: OverviewDocument['commands'] = [
  { command: 'candle up', purpose: 'Find the services of a project, and start them' },
  { command: 'candle ps --all', purpose: 'Show the services of all projects' },
  { command: 'candle who-has PORT', purpose: 'Show what uses a port, and how to free it' },
  { command: 'candle kill-all', purpose: 'Stop the services of all projects' },
  { command: 'candle help', purpose: 'List all commands by task' },
];

/** The commands to begin with. In a deleted directory, none can be started. */
export function listFirstCommands(error: CandleError): OverviewDocument['commands'] {
  const [change] = error.code === 'PROJECT_GONE' ? commandsIn(CandleError.hintOf(error) ?? '') : [];
  if (change === undefined) return firstCommands;
  return [{ command: renderCommand(change), purpose: 'Change to an existing directory' }, ...firstCommands.slice(1)];
}

/** Outside of a project. `error` says where Candle has searched for one. */
export function renderWelcome(error: CandleError, { width }: TextStyle): string {
  const rows = listFirstCommands(error).map(({ command, purpose }) => [command, purpose]);
  const hint = 'passedOver' in error.details ? [error.hint ?? ''] : [];
  return [error.message, ...hint, '', renderTable(rows, { width, paint: (_, text) => text })].join('\n');
}

interface OverviewStyle extends TextStyle {
  readonly nowMs: number;
}

/** The state of a project, which fits on the screen of a terminal. */
export function renderOverview(found: ProjectOverview, style: OverviewStyle): string {
  const { project, services, configError, next } = found;
  const problem = configError === undefined ? [] : describeError(configError);
  const top = [describeProject(project), ...problem, ''];
  const bottom = ['', ...(next === undefined ? [] : [`Next: ${renderHint(next)}`]), 'All commands: candle help'];
  // The last line of the terminal is for the prompt.
  const room = (style.height ?? Number.POSITIVE_INFINITY) - 1 - heightOf([...top, ...bottom], style);
  return [...top, ...renderServices(services, room, style), ...bottom].join('\n');
}

function describeError(error: CandleError): readonly string[] {
  const hint = CandleError.hintOf(error);
  return [error.message, ...(hint === undefined ? [] : renderHint(hint).split('\n'))];
}

/** The lines that a text takes up on a terminal. */
function heightOf(texts: readonly string[], { width }: TextStyle): number {
  const lines = texts.flatMap((text) => text.split('\n'));
  const heights = lines.map((line) => (width === undefined ? 1 : Math.max(1, Math.ceil(columnsOf(line) / width))));
  return heights.reduce((total, height) => total + height, 0);
}

/** A table with a line below each service that has failed. The last services are only counted if they do not fit. */
function renderServices(services: readonly OverviewService[], room: number, style: OverviewStyle): readonly string[] {
  if (services.length === 0) return ['No services'];
  const shown = services.slice(0, countFitting(services, room));
  const hasRestarts = shown.some((service) => restarts(service, style.nowMs) !== '-');
  const [head = '', ...rows] = renderTable(
    [headingOf(hasRestarts), ...shown.map((service) => rowOf(service, hasRestarts, style))],
    style,
  ).split('\n');
  const lines = rows.flatMap((row, at) => [row, ...noteBelow(shown[at], style)]);
  const rest = services.slice(shown.length);
  return [
    head,
    ...lines,
    ...(rest.length === 0 ? [] : [`… and ${rest.length} more: ${countStates(rest)}. To see them: candle ps`]),
  ];
}

/** Below the heading, there is a line for the rest, unless all fit. */
function countFitting(services: readonly OverviewService[], room: number): number {
  const heights = services.map((service) => (reasonOf(service) === undefined ? 1 : 2));
  const fitting = (lines: number) => {
    let left = lines;
    const first = heights.findIndex((height) => {
      left -= height;
      return left < 0;
    });
    return first === -1 ? services.length : first;
  };
  return fitting(room - 1) === services.length ? services.length : Math.max(1, fitting(room - 2));
}

/** The order of `candle ps`. */
const headingOf = (hasRestarts: boolean) => ['NAME', 'STATUS', ...(hasRestarts ? ['RESTARTS'] : []), 'PORT', 'URL'];

function rowOf(service: OverviewService, hasRestarts: boolean, { nowMs }: OverviewStyle): readonly Cell[] {
  const url = service.url === undefined ? '-' : printable(service.url);
  const restarted = hasRestarts ? [restarts(service, nowMs)] : [];
  return [service.name, statusCell(service), ...restarted, portCell(service), url];
}

function restarts({ pendingRestart, isAlive }: OverviewService, nowMs: number): string {
  const { attempts, nextRestartAtMs, crashLoopedAtMs } = pendingRestart;
  if (!isAlive && nextRestartAtMs !== null)
    return `${attempts - 1}, next in ${renderDuration(nextRestartAtMs - nowMs)}`;
  return crashLoopedAtMs !== null && !isAlive ? `${attempts}, given up` : attempts === 0 ? '-' : String(attempts);
}

function noteBelow(service: OverviewService | undefined, { width = Number.POSITIVE_INFINITY, paint }: OverviewStyle) {
  const reason = service && reasonOf(service);
  return reason === undefined ? [] : [paint('bad', cutText(`  ${reason}`, width))];
}

/** Why a service has failed, or is not ready any more, as far as that is known. */
function reasonOf({ explanation, lastError, lostReadiness, pendingRestart }: OverviewService): string | undefined {
  const reason = explanation?.cause ?? lastError ?? lostReadiness?.reason ?? pendingRestart.refusal;
  return reason == null ? undefined : printable(reason);
}

function countStates(services: readonly OverviewService[]): string {
  const counts = new Map<string, number>();
  for (const service of services) {
    const { text } = statusCell(service);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${count} ${text}`).join(', ');
}
