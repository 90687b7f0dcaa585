import { printable, renderHint, showPath } from '@candle/core/errors';
import { pipedInsteadOutput } from '@candle/core/logs';
import { statusLabel } from '@candle/core/runs';
import { localTime } from '@candle/core/system';
import type { CheckedPort, ListedService } from '@candle/supervisor';
import { type Cell, renderDuration, renderTable, type TextStyle, type Tone } from './format.ts';

interface ListStyle extends TextStyle {
  readonly all: boolean;
}

/** The compact table of `ps`. */
export function renderServiceTable(services: readonly ListedService[], nowMs: number, style: ListStyle): string {
  const { all } = style;
  const head = ['NAME', 'STATUS', 'READY', 'PID', 'UPTIME', 'PORT', 'URL', ...(all ? ['PROJECT'] : [])];
  const piped = ' [output from a pipe, because a run truncated it]';
  const rows = services.map((service): readonly Cell[] => [
    service.name,
    { text: `${status(service, nowMs)}${service.isPipedInstead ? piped : ''}`, tone: toneOf(service) },
    ready(service) ?? '-',
    service.pid === null ? '-' : String(service.pid),
    uptime(service, nowMs) ?? '-',
    portCell(service),
    service.url === undefined ? '-' : printable(service.url),
    ...(all ? [showPath(service.projectDir)] : []),
  ]);
  return renderTable([head, ...rows], style);
}

const notConfigured = 'no longer configured';

/** The status without most notes. */
export function statusCell(service: ListedService): Exclude<Cell, string> {
  const { isReady, status, isConfigured } = service;
  const isUnready = isReady === false && status !== 'stopping' && status !== 'starting';
  const notes = [...(isUnready ? ['not ready'] : []), ...(isConfigured ? [] : [notConfigured])];
  return { text: [statusLabel(service), ...notes].join(', '), tone: toneOf(service) };
}

/** What the color of a status says. */
function toneOf({ status, isAlive, isReady, exitCode }: ListedService): Tone | undefined {
  if (isAlive) return isReady && status !== 'stopping' ? 'good' : 'waiting';
  if (status === 'idle') return 'idle';
  return status === 'done' || (status === 'exited' && exitCode === 0) ? undefined : 'bad';
}

/** The full entries of `list`. */
export function renderServiceList(
  services: readonly ListedService[],
  nowMs: number,
  { all, paint }: ListStyle,
): string {
  return services.map((service) => renderService(service, nowMs, { all, paint })).join('\n\n');
}

/** Where the facts begin in an entry of `list`. */
const factColumn = 13;

function renderService(service: ListedService, nowMs: number, { all, paint }: Omit<ListStyle, 'width'>): string {
  const tone = toneOf(service);
  const shownStatus = status(service, nowMs);
  const facts: [string, string | null | undefined][] = [
    ['Status', tone === undefined ? shownStatus : paint(tone, shownStatus)],
    ['Ready', ready(service)],
    ['PID', service.pid === null ? null : String(service.pid)],
    ['Uptime', uptime(service, nowMs)],
    ['Port', port(service)],
    ['Fix', fix(service)],
    ['URL', service.url === undefined ? null : printable(service.url)],
    ['Output', service.isPipedInstead ? pipedInsteadOutput : null],
    ['Command', service.shell === null ? null : printable(service.shell)],
    ['Directory', service.root === null ? null : showPath(service.root)],
    ['Project', all ? showPath(service.projectDir) : null],
  ];
  const lines = facts.flatMap(([label, value]) =>
    value == null ? [] : [`${`  ${label}:`.padEnd(factColumn)}${value}`],
  );
  return [`${service.name}${service.isTransient ? ' (transient)' : ''}`, ...lines].join('\n');
}

function status(service: ListedService, nowMs: number): string {
  const { isConfigured, configChanged, lostReadiness: lost, explanation, undoneReason } = service;
  const notes = [
    ...(isConfigured ? (configChanged ? ['config changed'] : []) : [notConfigured]),
    ...(lost === null ? [] : [`not ready since ${localTime(lost.sinceMs)}: ${printable(lost.reason)}`]),
    ...(explanation === undefined ? [] : [printable(explanation.cause)]),
    ...(undoneReason === null ? [] : [`runs again at the next start, because ${printable(undoneReason)}`]),
    ...pendingRestartNotes(service, nowMs),
  ];
  return [statusLabel(service), ...notes.map((note) => `[${note}]`)].join(' ');
}

function pendingRestartNotes({ pendingRestart, isAlive }: ListedService, nowMs: number): readonly string[] {
  const { attempts, nextRestartAtMs, crashLoopedAtMs, refusal } = pendingRestart;
  if (isAlive) return attempts > 0 ? [`restarted ${attempts} ${attempts === 1 ? 'time' : 'times'}`] : [];
  if (nextRestartAtMs !== null) return [`restart ${attempts} in ${renderDuration(nextRestartAtMs - nowMs)}`];
  if (crashLoopedAtMs !== null) return [`crash loop: given up after ${attempts} restarts`];
  return refusal === null ? [] : [`not restarted: ${refusal}`];
}

function port({ port, portCheck }: ListedService): string | null {
  if (portCheck?.status === 'unreserved') return renderUnreserved(portCheck);
  return port === null ? null : `${port}${renderPortCheckNote(portCheck)}`;
}

/** Further lines begin below the first one. */
function fix({ portCheck }: ListedService): string | null {
  return portCheck?.fix == null ? null : renderHint(portCheck.fix).replaceAll('\n', `\n${' '.repeat(factColumn)}`);
}

function renderUnreserved({ listensOn }: CheckedPort): string {
  return `${listensOn.join(', ')} (not reserved)`;
}

/** The note in a few words, because the table is narrow. */
export function portCell({ port, portCheck, isAlive }: ListedService): string {
  if (portCheck?.status === 'unreserved') return renderUnreserved(portCheck);
  if (port === null) return '-';
  if (portCheck === null || portCheck.isFine) return String(port);
  return `${port} (${isAlive ? briefPortCheck(portCheck) : 'in use'})`;
}

function briefPortCheck({ status, listensOn }: CheckedPort): string {
  if (status === 'wrong-port') return `on ${listensOn.join(', ')}`;
  return status === 'not-listening' ? 'not listening' : status;
}

function ready({ isReady }: ListedService): string | undefined {
  return isReady === null ? undefined : isReady ? 'yes' : 'no';
}

function uptime({ isAlive, startedAtMs }: ListedService, nowMs: number): string | undefined {
  return isAlive && startedAtMs !== null ? renderDuration(nowMs - startedAtMs) : undefined;
}

/** Whether the service listens on the wrong port or shares its port, which does not resolve itself. */
export function isMisplaced(portCheck: CheckedPort | null): boolean {
  return portCheck?.status === 'wrong-port' || portCheck?.status === 'conflict';
}

/** A note to append to a reserved port, empty if all is well: ` (listens on 5173 instead)`. */
export function renderPortCheckNote(portCheck: CheckedPort | null): string {
  return portCheck === null || portCheck.isFine ? '' : ` (${describeProblem(portCheck)})`;
}

function describeProblem({ status, port, listensOn, owner }: CheckedPort): string {
  if (status === 'unreserved') return 'not reserved';
  if (status === 'wrong-port') return `listens on ${listensOn.join(', ')} instead`;
  if (status === 'not-listening')
    return listensOn.length === 0 ? 'does not listen on any port yet' : 'does not listen on it yet';
  const inUse = listensOn.includes(port) ? 'also in use by another process' : 'in use by another process';
  if (owner?.pid != null) return `${inUse}: ${printable(owner.command ?? 'a process')}, pid ${owner.pid}`;
  return owner?.user == null ? inUse : `${inUse}: a program of user ${printable(owner.user)}`;
}
