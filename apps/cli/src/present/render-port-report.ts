import { describePlace, localTime, printable, quote, showPath } from '@candle/core';
import { describeContainer, describeHolding, type PortHolding, type PortReport, showCommand } from '@candle/supervisor';
import { renderDuration } from './render-duration.ts';

/** More processes on one port are counted only: workers of one server look alike. */
const shownHoldings = 5;

/** Characters of a command line that has a line for itself. */
const shownCommandLength = 300;

/** Who holds a port, for people. */
export function renderPortReport(report: PortReport, nowMs: number): string {
  const blocks = report.holdings.slice(0, shownHoldings).map((holding) => renderHolding(holding, nowMs));
  const more = report.holdings.length - shownHoldings;
  return [
    headline(report),
    ...blocks,
    ...(more > 0 ? [`  and ${more} more ${more === 1 ? 'process' : 'processes'}`] : []),
    ...(report.reservation === null ? [] : [renderReservation(report.reservation)]),
    ...renderAdvice(report),
  ].join('\n\n');
}

function headline({ port, holdings, containers, reservation }: PortReport): string {
  const [container] = containers;
  if (container) return `Port ${port} is published by ${describeContainer(container)}`;
  const [first, ...others] = holdings;
  if (first && others.length === 0)
    return `Port ${port} is held by ${describeHolding({ ...first, commandLine: first.command })}`;
  if (first) return `Port ${port} is held by ${holdings.length} processes`;
  return reservation === null
    ? `Port ${port} is free: nobody listens on it, and nobody has reserved it`
    : `Nobody listens on port ${port}`;
}

function renderHolding(holding: PortHolding, nowMs: number): string {
  const { pid, commandLine, cwd, isCwdGone, startedAtMs, user, uid, addresses, service } = holding;
  const facts: [string, string | null][] = [
    ['PID', pid === null ? null : String(pid)],
    ['Command', commandLine === null ? null : showCommand(commandLine, shownCommandLength)],
    ['Directory', cwd === null ? null : `${showPath(cwd)}${isCwdGone ? ' (deleted)' : ''}`],
    ['Since', startedAtMs === null ? null : `${localTime(startedAtMs)} (${renderDuration(nowMs - startedAtMs)})`],
    ['User', user === null ? (uid === null ? null : String(uid)) : printable(user)],
    ['Address', addresses.join(', ') || null],
    ['Service', service === null ? null : `${quote(service.name)} of project ${describePlace(service)}`],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [`  ${`${label}:`.padEnd(11)}${value}`])).join('\n');
}

function renderReservation(owner: NonNullable<PortReport['reservation']>): string {
  const { serviceName, status } = owner;
  if (serviceName === null) return `It is reserved for project ${describePlace(owner)}`;
  return `It is reserved for service ${quote(serviceName)} of project ${describePlace(owner)}: ${status}`;
}

function renderAdvice({ advice }: PortReport): readonly string[] {
  if (advice.length === 0) return [];
  const width = Math.max(...advice.map(({ command }) => command.length));
  const lines = advice.map(({ command, purpose }) => `  ${command.padEnd(width)}  # ${purpose}`);
  return [['What to do:', ...lines].join('\n')];
}
