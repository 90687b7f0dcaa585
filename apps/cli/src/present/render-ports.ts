import type { ServicePort } from '@candle/supervisor';
import { renderTable } from './render-table.ts';

/** A table of the ports that services listen on. */
export function renderPortTable(ports: readonly ServicePort[], { all }: { all: boolean }): string {
  if (ports.length === 0) return 'No service listens on a port';
  const head = ['NAME', 'PORT', 'ADDRESS', 'PID', 'COMMAND', 'RESERVED', ...(all ? ['PROJECT'] : [])];
  const rows = ports.map((port) => [
    port.serviceName,
    String(port.port),
    port.addresses.join(', '),
    String(port.pid),
    port.command,
    port.isReserved ? 'yes' : 'no',
    ...(all ? [port.projectDir] : []),
  ]);
  return renderTable([head, ...rows]);
}
