import { type CandleHost, sameApi } from './host.ts';

/** What has happened. Told after it stands in Candle's ledger, whoever has done it: a command, an agent, the restart policy. */
export type CandleEvent = PortReservedEvent | PortReleasedEvent | ServiceStartedEvent | ServiceStoppedEvent;

/** The names of the hooks, as they stand in a plugin's package.json below `oclif.hooks`. */
export type CandleEventKind = CandleEvent['kind'];

interface EventParts {
  /** When it happened: milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** Absolute path of the project. */
  readonly projectDir: string;
}

interface PortEventParts extends EventParts {
  readonly port: number;
  /** Null for a port of the project itself. */
  readonly serviceName: string | null;
}

export interface PortReservedEvent extends PortEventParts {
  readonly kind: 'port-reserved';
}

/** The service may still run. `candle erase-database` releases everything without telling. */
export interface PortReleasedEvent extends PortEventParts {
  readonly kind: 'port-released';
}

interface RunEventParts extends EventParts {
  readonly serviceName: string;
  /** The reserved port that it was started with; null without a reservation. */
  readonly port: number | null;
  /** Names this execution of the service; `service-started` and `service-stopped` of one run have the same. */
  readonly runId: string;
  /** The leader of its process group; null when there was none. */
  readonly pid: number | null;
}

/** A start is certain: the service runs half a second later, and is ready as far as Candle waits for that. */
export interface ServiceStartedEvent extends RunEventParts {
  readonly kind: 'service-started';
  /** 0: somebody asked for it; n: the nth restart in a row by its restart policy. */
  readonly attempt: number;
}

/** A service is over. Told without a `service-started` before when it ended before its start was certain. */
export interface ServiceStoppedEvent extends RunEventParts {
  readonly kind: 'service-stopped';
  /** 128 and more: ended by a signal. Null when nobody knows. */
  readonly exitCode: number | null;
  /** `SIGKILL` and the like; null when it was none. */
  readonly exitSignal: string | null;
  /** It ended by itself, somebody stopped it, a newer start took its place, its start was cut off, or nobody saw its end. */
  readonly reason: 'exited' | 'stopped' | 'replaced' | 'interrupted' | 'lost';
}

export interface HookInput<Kind extends CandleEventKind = CandleEventKind> {
  readonly event: Extract<CandleEvent, { kind: Kind }>;
  /** To read the ledger and the services. What a hook does through it announces no events. */
  readonly host: CandleHost;
}

/**
 * A hook for one kind of event: the default export of the file that `oclif.hooks` names for it. It runs in a process of the
 * plugin's own, after the event and beside the command; one event after another, each for ten seconds at most. A hook that
 * throws or takes longer delays nothing: it is named by the next command and by `candle doctor`, and what it prints goes
 * to a file.
 */
export function defineHook<Kind extends CandleEventKind>(
  kind: Kind,
  handler: (input: HookInput<Kind>) => void | Promise<void>,
): (input: HookInput) => Promise<void> {
  return async (input) => {
    if (!isOf(input, kind))
      throw new Error(`This hook is for ${kind}, and package.json names it for ${input.event.kind}`);
    sameApi(input.host);
    await handler(input);
  };
}

function isOf<Kind extends CandleEventKind>(input: HookInput, kind: Kind): input is HookInput<Kind> & HookInput {
  return input.event.kind === kind;
}
