import type { Candle } from './candle.ts';
import { readConfig, readConfigOnce } from './config/read-config.ts';
import { readEphemeralRange } from './ports/ephemeral-range.ts';
import { bindProbe } from './ports/port-probe.ts';
import type { OpenOptions } from './store/open-database.ts';
import { openStore } from './store/open-store.ts';
import { systemClock } from './system/clock.ts';

/**
 * Opens the state directory with the real system interfaces unless others are given. By default, events are discarded.
 * Close its store when done. `onRecovered` is called with a report if the database is damaged or missing, now or later.
 */
export function openCandle(
  stateDir: string,
  { onRecovered, ...edges }: Partial<Omit<Candle, 'stateDir'>> & Pick<OpenOptions, 'onRecovered'> = {},
): Candle {
  return {
    stateDir,
    store: edges.store ?? openStore(stateDir, { onRecovered }),
    readConfig: edges.readConfig ?? readConfig,
    portProbe: edges.portProbe ?? bindProbe,
    clock: edges.clock ?? systemClock,
    ephemeralRange: edges.ephemeralRange ?? readEphemeralRange(),
    announce: edges.announce ?? (() => undefined),
  };
}

/** The same Candle for one of many calls in a process that lives on: the call reads each configuration at most once. */
export function candleForCall(candle: Candle): Candle {
  return { ...candle, readConfig: readConfigOnce() };
}
