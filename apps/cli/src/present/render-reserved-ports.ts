import type { Reservation } from '@candle/core';

/** The list in the form of the seed's pages; times the en-US way in the local zone. */
export function renderReservedPorts(reservations: readonly Reservation[], { all }: { all: boolean }): string {
  if (reservations.length === 0) return all ? 'No reserved ports found' : 'No reserved ports found for current project';
  return ['Reserved ports:', ...reservations.map(renderReservation)].join('\n\n');
}

function renderReservation({ port, serviceName, projectDir, reservedAtMs }: Reservation): string {
  return [
    `  Port ${port} (${serviceName === null ? 'project-level' : `service: ${serviceName}`})`,
    `    Project: ${projectDir}`,
    `    Reserved at: ${renderTime(reservedAtMs)}`,
  ].join('\n');
}

/** Node writes a narrow no-break space before AM and PM, which scripts and terminals stumble over. */
export function renderTime(ms: number): string {
  return new Date(ms).toLocaleString('en-US').replaceAll('\u202f', ' ');
}
