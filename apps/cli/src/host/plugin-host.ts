import type { CandleHost, Reservations, Services } from '@candle/cli-kit';
import type { OwnHost } from './own-host.ts';

type Parts = Pick<OwnHost, 'candle' | 'useCases' | 'supervisorProgram'>;

/**
 * The part of the host for plugins. Its code is loaded at the first call of a function, so that it does not slow down
 * Candle's own commands, which do not use it.
 */
export function pluginHost(host: Parts, note: (text: string) => void): Pick<CandleHost, 'reservations' | 'services'> {
  const reservations = once(async () => (await import('./plugin-reservations.ts')).pluginReservations(host, note));
  const services = once(async () => (await import('./plugin-services.ts')).pluginServices(host, note));
  return {
    reservations: {
      reservePort: async (...request) => (await reservations()).reservePort(...request),
      getReservedPort: async (...request) => (await reservations()).getReservedPort(...request),
      getOrReservePort: async (...request) => (await reservations()).getOrReservePort(...request),
      listReservedPorts: async (...request) => (await reservations()).listReservedPorts(...request),
      releasePorts: async (...request) => (await reservations()).releasePorts(...request),
    },
    services: {
      list: async (...request) => (await services()).list(...request),
      start: async (...request) => (await services()).start(...request),
      checkStart: async (...request) => (await services()).checkStart(...request),
      restart: async (...request) => (await services()).restart(...request),
      kill: async (...request) => (await services()).kill(...request),
      waitForReady: async (...request) => (await services()).waitForReady(...request),
      logs: async (...request) => (await services()).logs(...request),
      listPorts: async (...request) => (await services()).listPorts(...request),
    },
  };
}

function once<T extends Reservations | Services>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
