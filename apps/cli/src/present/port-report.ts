import { printable, quote, renderCommand, showPath } from '@candle/core/errors';
import { describeProject } from '@candle/core/projects';
import { localTime } from '@candle/core/system';
import { describeContainer, describePortOwner, type PortOwner, type PortReport, showCommand } from '@candle/supervisor';
import { renderDuration } from './format.ts';

/** Further processes on the same port are only counted, because workers of one server look alike. */
const maxShownOwners = 5;

/** Maximum characters of a command line that is shown on its own line. */
const maxCommandLength = 300;

/** Text of the report on who uses a port. */
export function renderPortReport(report: PortReport, nowMs: number): string {
  const blocks = report.owners.slice(0, maxShownOwners).map((owner) => renderOwner(owner, nowMs));
  const more = report.owners.length - maxShownOwners;
  return [
    headline(report),
    ...blocks,
    ...(more > 0 ? [`  and ${more} more ${more === 1 ? 'process' : 'processes'}`] : []),
    ...(report.reservation === null ? [] : [renderReservation(report.reservation)]),
    ...renderAdvice(report),
  ].join('\n\n');
}

function headline({ port, owners, containers, reservation }: PortReport): string {
  const [container] = containers;
  if (container) return `Port ${port} is published by ${describeContainer(container)}`;
  const [first, ...others] = owners;
  if (first && others.length === 0)
    return `Port ${port} is in use by ${describePortOwner({ ...first, commandLine: first.command })}`;
  if (first) return `Port ${port} is in use by ${owners.length} processes`;
  return reservation === null
    ? `Port ${port} is free: nothing listens on it, and it is not reserved`
    : `Nothing listens on port ${port}`;
}

function renderOwner(owner: PortOwner, nowMs: number): string {
  const { pid, commandLine, cwd, isCwdGone, startedAtMs, user, uid, addresses, service } = owner;
  const facts: [string, string | null][] = [
    ['PID', pid === null ? null : String(pid)],
    ['Command', commandLine === null ? null : showCommand(commandLine, maxCommandLength)],
    ['Directory', cwd === null ? null : `${showPath(cwd)}${isCwdGone ? ' (deleted)' : ''}`],
    ['Since', startedAtMs === null ? null : `${localTime(startedAtMs)} (${renderDuration(nowMs - startedAtMs)})`],
    ['User', user === null ? (uid === null ? null : String(uid)) : printable(user)],
    ['Address', addresses.join(', ') || null],
    ['Service', service === null ? null : `${quote(service.name)} of project ${describeProject(service)}`],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [`  ${`${label}:`.padEnd(11)}${value}`])).join('\n');
}

function renderReservation(reservation: NonNullable<PortReport['reservation']>): string {
  const { serviceName, ownerName, status } = reservation;
  if (serviceName === null) return `It is reserved for project ${describeProject(reservation)}`;
  if (ownerName === null)
    return `It is reserved for ${quote(serviceName)} of project ${describeProject(reservation)}, which Candle does not start`;
  return `It is reserved for service ${quote(serviceName)} of project ${describeProject(reservation)}: ${status}`;
}

function renderAdvice({ advice }: PortReport): readonly string[] {
  if (advice.length === 0) return [];
  const commands = advice.map(({ command }) => renderCommand(command));
  const width = Math.max(...commands.map(({ length }) => length));
  const lines = advice.map(({ purpose }, at) => `  ${(commands[at] ?? '').padEnd(width)}  # ${purpose}`);
  return [['What to do:', ...lines].join('\n')];
}
