import type { CandleEvent } from './events/candle-event.ts';
import type { PortProbe } from './ports/port-probe.ts';
import type { PortInterval } from './ports/port-range.ts';
import type { Store } from './store/store.ts';
import type { Clock } from './system/clock.ts';

/** What a use case may touch: the ledger and the edges of the system. Every use case takes it as its first argument. */
export interface Candle {
  /** Absolute. Holds the database and the runs' directories. */
  readonly stateDir: string;
  readonly store: Store;
  readonly portProbe: PortProbe;
  readonly clock: Clock;
  /** The ports that the system gives to outgoing connections. */
  readonly ephemeralRange: PortInterval;
  /** Told what has happened, once it stands in the ledger. Neither throws nor waits for anybody. */
  readonly announce: (event: CandleEvent) => void;
}
