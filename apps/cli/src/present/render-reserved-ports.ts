import { localTime, printable } from '@candle/core';
import {
  describeCircumstances,
  describePortOwner,
  describeServiceOf,
  type PortOwner,
  type ReservedPort,
} from '@candle/supervisor';

/** More holders of one port are counted only: workers of one server look alike. */
const shownHolders = 3;

/** The list in the form of the seed's pages, and behind each entry what the seed does not know of. */
export function renderReservedPorts(ports: readonly ReservedPort[], { all }: { all: boolean }): string {
  if (ports.length === 0) return all ? 'No reserved ports found' : 'No reserved ports found for current project';
  return ['Reserved ports:', ...ports.map(renderReserved)].join('\n\n');
}

function renderReserved(reserved: ReservedPort): string {
  const { port, serviceName, projectDir, reservedAtMs, branch, isDirectoryGone, conflicts } = reserved;
  const more = conflicts.length - shownHolders;
  return [
    `  Port ${port} (${serviceName === null ? 'project-level' : `service: ${serviceName}`})`,
    `    Project: ${projectDir}`,
    `    Reserved at: ${localTime(reservedAtMs)}`,
    ...(isDirectoryGone ? ['    (directory is gone)'] : []),
    ...(branch === null ? [] : [`    Branch: ${printable(branch)}`]),
    ...conflicts.slice(0, shownHolders).map(renderHolder),
    ...(more > 0 ? [`    and by ${more} more`] : []),
  ].join('\n');
}

/** `Held by: node server.js (pid 4711), in /home/ada/blog, since 1/23/2026, 10:30:00 AM, as user ada` */
function renderHolder(owner: PortOwner): string {
  const parts = [
    describePortOwner(owner),
    describeCircumstances(owner),
    ...(owner.service === null ? [] : [describeServiceOf(owner.service)]),
  ];
  return `    Held by: ${parts.filter((part) => part !== undefined).join(', ')}`;
}
