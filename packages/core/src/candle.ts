import type { ReadConfig } from './config/read-config.ts';
import type { CandleEvent } from './events/candle-event.ts';
import type { PortProbe } from './ports/port-probe.ts';
import type { PortInterval } from './ports/port-range.ts';
import type { Store } from './store/store.ts';
import type { Clock } from './system/clock.ts';

/** The database and the system interfaces that a use case may use. Every use case takes it as its first argument. */
export interface Candle {
  /** Absolute path of the directory that contains the database and the directories of runs. */
  readonly stateDir: string;
  readonly store: Store;
  /** Reads and checks the configuration of a project. In a command or tool call, it reads each one at most once. */
  readonly readConfig: ReadConfig;
  readonly portProbe: PortProbe;
  readonly clock: Clock;
  /** The ports that the system assigns to outgoing connections. */
  readonly ephemeralRange: PortInterval;
  /** Raises an event after the change is in the database. It neither throws nor waits. */
  readonly announce: (event: CandleEvent) => void;
}
