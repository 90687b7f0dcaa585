import { printable, showPath } from '@candle/core/errors';
import { localTime } from '@candle/core/system';
import {
  describeCircumstances,
  describePortOwner,
  describeServiceOf,
  type PortOwner,
  type ReservedPort,
  type ServicePort,
} from '@candle/supervisor';
import { renderTable, type TextStyle } from './format.ts';

/** A table of the ports that services listen on. */
export function renderPortTable(
  ports: readonly ServicePort[],
  { all, ...style }: { all: boolean } & TextStyle,
): string {
  if (ports.length === 0) return 'No service listens on a port';
  const head = ['NAME', 'PORT', 'ADDRESS', 'PID', 'COMMAND', 'RESERVED', ...(all ? ['PROJECT'] : [])];
  const rows = ports.map((port) => [
    port.serviceName,
    String(port.port),
    port.addresses.join(', '),
    String(port.pid),
    printable(port.command),
    port.isReserved ? 'yes' : 'no',
    ...(all ? [showPath(port.projectDir)] : []),
  ]);
  return renderTable([head, ...rows], style);
}

/** Further processes on the same port are only counted, because workers of one server look alike. */
const maxShownConflicts = 3;

/** The list in the format of the specification, with further details at the end of each entry. */
export function renderReservedPorts(ports: readonly ReservedPort[], { all }: { all: boolean }): string {
  if (ports.length === 0) return all ? 'No reserved ports found' : 'No reserved ports found for current project';
  return ['Reserved ports:', ...ports.map(renderReserved)].join('\n\n');
}

const labels: Readonly<Record<ReservedPort['purpose'], string>> = {
  project: 'project',
  service: 'service',
  'further-port': 'further port',
  program: 'not started by Candle',
};

function renderReserved(reserved: ReservedPort): string {
  const { port, serviceName, purpose, projectDir, reservedAtMs, branch, isDirectoryGone, conflicts } = reserved;
  const more = conflicts.length - maxShownConflicts;
  return [
    `  Port ${port} (${serviceName === null ? 'project-level' : `${labels[purpose]}: ${serviceName}`})`,
    `    Project: ${showPath(projectDir)}`,
    `    Reserved at: ${localTime(reservedAtMs)}`,
    ...(isDirectoryGone ? ['    (directory no longer exists)'] : []),
    ...(branch === null ? [] : [`    Branch: ${printable(branch)}`]),
    ...conflicts.slice(0, maxShownConflicts).map(renderConflict),
    ...(more > 0 ? [`    and by ${more} more`] : []),
  ].join('\n');
}

/** `In use by: node server.js (pid 4711), in /home/ada/blog, since 1/23/2026, 10:30:00 AM, as user ada` */
function renderConflict(owner: PortOwner): string {
  const parts = [
    describePortOwner(owner),
    describeCircumstances(owner),
    ...(owner.service === null ? [] : [describeServiceOf(owner.service)]),
  ];
  return `    In use by: ${parts.filter((part) => part !== undefined).join(', ')}`;
}
