import { type CandleHost, sameApi } from './host.ts';

/**
 * Something that has happened. Events are raised after the change is stored in Candle's database, whether a command, an
 * agent or the restart policy caused it.
 */
export type CandleEvent = PortReservedEvent | PortReleasedEvent | ServiceStartedEvent | ServiceStoppedEvent;

/** Names of hooks, used as keys of `oclif.hooks` in a plugin's package.json. */
export type CandleEventKind = CandleEvent['kind'];

interface EventParts {
  /** When it happened: milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** Absolute path of the project. */
  readonly projectDir: string;
}

interface PortEventParts extends EventParts {
  readonly port: number;
  /** Null for a port that is reserved for the project itself. */
  readonly serviceName: string | null;
}

export interface PortReservedEvent extends PortEventParts {
  readonly kind: 'port-reserved';
}

/** The service may still be running. `candle erase-database` releases all ports without raising this event. */
export interface PortReleasedEvent extends PortEventParts {
  readonly kind: 'port-released';
}

interface RunEventParts extends EventParts {
  readonly serviceName: string;
  /** The reserved port that it was started with; null without a reservation. */
  readonly port: number | null;
  /** Identifies this run of the service; `service-started` and `service-stopped` of one run have the same ID. */
  readonly runId: string;
  /** PID of its process group leader; null if there was none. */
  readonly pid: number | null;
}

/** A start has succeeded: the service still runs after half a second, and is ready if Candle waits for that. */
export interface ServiceStartedEvent extends RunEventParts {
  readonly kind: 'service-started';
  /** 0 if the start was requested; n for the nth consecutive restart by its restart policy. */
  readonly attempt: number;
}

/**
 * A run of a service has ended. If it ended before its start had succeeded, there is no `service-started` event before.
 */
export interface ServiceStoppedEvent extends RunEventParts {
  readonly kind: 'service-stopped';
  /** 128 or higher if it was ended by a signal; null if unknown. */
  readonly exitCode: number | null;
  /** Such as `SIGKILL`; null if it was not ended by a signal. */
  readonly exitSignal: string | null;
  /**
   * `exited`: it exited by itself. `stopped`: it was stopped. `replaced`: a newer start replaced it. `interrupted`: its
   * start was interrupted. `lost`: its end was not observed.
   */
  readonly reason: 'exited' | 'stopped' | 'replaced' | 'interrupted' | 'lost';
}

export interface HookInput<Kind extends CandleEventKind = CandleEventKind> {
  readonly event: Extract<CandleEvent, { kind: Kind }>;
  /** Gives access to reservations and services. Changes that a hook makes through it do not raise events. */
  readonly host: CandleHost;
}

/**
 * Defines a hook for one kind of event. It must be the default export of the file that `oclif.hooks` lists for the
 * event. Hooks run in a separate process per plugin, after the event and in parallel with the command. A plugin gets
 * one event at a time, with a timeout of ten seconds. A hook that throws or takes longer does not delay the command:
 * the next command and `candle doctor` report it. The output of hooks goes to a file.
 */
export function defineHook<Kind extends CandleEventKind>(
  kind: Kind,
  handler: (input: HookInput<Kind>) => void | Promise<void>,
): (input: HookInput) => Promise<void> {
  return async (input) => {
    if (!isOf(input, kind))
      throw new Error(`This hook is for ${kind}, but package.json lists it for ${input.event.kind}`);
    sameApi(input.host);
    await handler(input);
  };
}

function isOf<Kind extends CandleEventKind>(input: HookInput, kind: Kind): input is HookInput<Kind> & HookInput {
  return input.event.kind === kind;
}
