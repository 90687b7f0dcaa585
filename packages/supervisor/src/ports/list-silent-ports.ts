import type { PortEntry } from '@candle/core/ports';
import type { Reservation } from '@candle/core/reservations';
import { portAccepts } from '../port-check/inspect-port.ts';
import type { Supervision } from '../supervision.ts';

/** A port of a program that Candle does not start, on which nothing listens. */
export interface SilentPort {
  /** The name of the entry in `ports`. */
  readonly name: string;
  readonly port: number;
}

/** Lists the entries of `ports` whose program does not run, in the order of the configuration. Queries the kernel. */
export async function listSilentPorts(
  { processes }: Pick<Supervision, 'processes'>,
  entries: readonly PortEntry[],
  reservations: readonly Reservation[],
): Promise<readonly SilentPort[]> {
  const reserved = entries.flatMap(({ name }) => {
    const port = reservations.find(({ serviceName }) => serviceName === name)?.port;
    return port === undefined ? [] : [{ name, port }];
  });
  if (reserved.length === 0) return [];
  const listening = processes.listening();
  const silent = reserved.filter(({ port }) => listening.on(port).length === 0);
  // The published port of a container may be forwarded by the kernel, without a listener.
  const accepting = await Promise.all(silent.map(({ port }) => portAccepts(port)));
  return silent.filter((_, index) => accepting[index] !== true);
}
