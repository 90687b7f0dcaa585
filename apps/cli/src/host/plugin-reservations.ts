import type { Reservations } from '@candle/cli-kit';
import { candleForCall } from '@candle/core/candle';
import {
  claimedPortDocument,
  getOrReservePort,
  getReservedPort,
  releasedPortsDocument,
  releasePorts,
  reservedPortDocument,
  reservePort,
} from '@candle/core/reservations';
import { supervise } from '../base-commands/supervise.ts';
import type { OwnHost } from './own-host.ts';

/** `host.reservations` for plugins: the use cases, with the documents of `--json` as results. */
export function pluginReservations(
  host: Pick<OwnHost, 'candle' | 'useCases' | 'supervisorProgram'>,
  note: (text: string) => void,
): Reservations {
  const candle = () => candleForCall(host.candle());
  return {
    reservePort: async (request) => claimedPortDocument(await reservePort(candle(), request)),
    getReservedPort: async (request) => reservedPortDocument(await getReservedPort(candle(), request)),
    getOrReservePort: async (request) => {
      const claim = await getOrReservePort(candle(), request);
      return { ...claimedPortDocument(claim), wasReserved: claim.isNew };
    },
    listReservedPorts: async (request = {}) => {
      const { listReservedPorts, reservedPortsDocument, supervision } = await supervise(host, note, {
        candle: candle(),
      });
      return reservedPortsDocument(await listReservedPorts(supervision, request));
    },
    releasePorts: async (request) => {
      return releasedPortsDocument(await releasePorts(candle(), request), request);
    },
  };
}
