import type { Ledger } from '@candle/cli-kit';
import {
  type Candle,
  getOrReservePort,
  getReservedPort,
  listReservedPorts,
  releasedPortsDocument,
  releasePorts,
  reservedPortDocument,
  reservedPortsDocument,
  reservePort,
} from '@candle/core';

/** The ledger as plugins get it: the use cases, answering with what `--json` prints. */
export function pluginLedger(candle: () => Candle): Ledger {
  return {
    reservePort: async (request) => reservedPortDocument((await reservePort(candle(), request)).reservation),
    getReservedPort: async (request) => reservedPortDocument(await getReservedPort(candle(), request)),
    getOrReservePort: async (request) => {
      const { reservation, isNew } = await getOrReservePort(candle(), request);
      return { ...reservedPortDocument(reservation), wasReserved: isNew };
    },
    listReservedPorts: async (request = {}) => reservedPortsDocument(await listReservedPorts(candle(), request)),
    releasePorts: async (request) => {
      const released = await releasePorts(candle(), request);
      const isNamed = request.serviceName !== undefined || request.port !== undefined;
      return releasedPortsDocument(request.projectDir, released, isNamed);
    },
  };
}
