import { readFileSync } from 'node:fs';
import { configReader, type ReadConfig, readConfigOnce } from './config/read-config.ts';
import type { CandleEvent } from './events/events.ts';
import { bindProbe, type PortProbe } from './ports/port-probe.ts';
import type { PortInterval } from './ports/port-range.ts';
import { type Trust, trustOf } from './projects/config-trust.ts';
import { openReadOnly } from './store/open-read-only.ts';
import { type OpenOptions, openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { monotonicMs } from './system/local-time.ts';

/**
 * Opens the state directory with the real system interfaces unless others are given. By default, events are discarded.
 * Close its store when done. With `isReadOnly`, no file is created, changed or restored. `onRecovered` is called with a report if the database is damaged or missing, now or later.
 */
export function openCandle(
  stateDir: string,
  {
    onRecovered,
    isShared,
    isReadOnly = false,
    ...edges
  }: Partial<Omit<Candle, 'stateDir'>> & Pick<OpenOptions, 'onRecovered' | 'isShared'> & { isReadOnly?: boolean } = {},
): Candle {
  const store =
    edges.store ??
    openStore(stateDir, { onRecovered, isShared, ...(isReadOnly && { database: openReadOnly(stateDir) }) });
  const trust = edges.trust ?? trustOf({}, (dir) => store.trust.listOwners(dir));
  return {
    stateDir,
    store,
    trust,
    readConfig: edges.readConfig ?? configReader(trust),
    portProbe: edges.portProbe ?? bindProbe,
    clock: edges.clock ?? systemClock,
    ephemeralRange: edges.ephemeralRange ?? readEphemeralRange(),
    announce: edges.announce ?? (() => undefined),
  };
}

/** The same Candle for one of many calls in a process that lives on: the call reads each configuration at most once. */
export function candleForCall(candle: Candle): Candle {
  return { ...candle, readConfig: readConfigOnce(candle.trust) };
}

/** The database and the system interfaces that a use case may use. Every use case takes it as its first argument. */
export interface Candle {
  /** Absolute path of the directory that contains the database and the directories of runs. */
  readonly stateDir: string;
  readonly store: Store;
  readonly trust: Trust;
  /** Reads and checks the configuration of a project. In a command or tool call, it reads each one at most once. */
  readonly readConfig: ReadConfig;
  readonly portProbe: PortProbe;
  readonly clock: Clock;
  /** The ports that the system assigns to outgoing connections. */
  readonly ephemeralRange: PortInterval;
  /** Raises an event after the change is in the database. It neither throws nor waits. */
  readonly announce: (event: CandleEvent) => void;
}

/** The system clock. Tests replace it with their own. */
interface Clock {
  /** Milliseconds since 1970, to show and to record. */
  nowMs(): number;
  /** Milliseconds on a clock that all processes of one boot share and that nobody can set, to measure how long something takes. */
  monotonicMs(): number;
}

const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs,
};

/** The range that IANA assigns to outgoing connections; macOS uses it. */
const ianaEphemeralRange: PortInterval = { first: 49152, last: 65535 };

/** The ports that this system uses for outgoing connections. */
function readEphemeralRange(): PortInterval {
  if (process.platform !== 'linux') return ianaEphemeralRange;
  try {
    return parseEphemeralRange(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'));
  } catch {
    // Some sandboxes hide this file. The range only affects the order of candidates.
    return ianaEphemeralRange;
  }
}

/** Parses the kernel's format: two numbers, both inclusive. */
export function parseEphemeralRange(text: string): PortInterval {
  const [first, last] = text.trim().split(/\s+/).map(Number);
  if (!first || !last || first > last) return ianaEphemeralRange;
  return { first, last };
}
