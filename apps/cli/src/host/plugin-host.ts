import type { CandleHost, Ledger, Services } from '@candle/cli-kit';
import type { OwnHost } from './own-host.ts';

type Parts = Pick<OwnHost, 'candle' | 'useCases' | 'supervisorProgram'>;

/**
 * What of the host is for plugins. The code behind it is loaded at the first call of a function, so that Candle's own
 * commands, which have no use for it, do not pay for it.
 */
export function pluginHost(host: Parts, note: (text: string) => void): Pick<CandleHost, 'ledger' | 'services'> {
  const ledger = once(async () => (await import('./plugin-ledger.ts')).pluginLedger(host, note));
  const services = once(async () => (await import('./plugin-services.ts')).pluginServices(host, note));
  return {
    ledger: {
      reservePort: async (...request) => (await ledger()).reservePort(...request),
      getReservedPort: async (...request) => (await ledger()).getReservedPort(...request),
      getOrReservePort: async (...request) => (await ledger()).getOrReservePort(...request),
      listReservedPorts: async (...request) => (await ledger()).listReservedPorts(...request),
      releasePorts: async (...request) => (await ledger()).releasePorts(...request),
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

function once<T extends Ledger | Services>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
