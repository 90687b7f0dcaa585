import type { Run } from '@candle/core/runs';
import { takeMachineSnapshot } from '../members/find-members.ts';
import { describePortCheck, findPortOwner } from '../port-check/check-port.ts';
import { type InspectedPort, inspectPort } from '../port-check/inspect-port.ts';
import { type PortCheck, servesPort } from '../port-check/port-check.ts';
import type { Supervision } from '../supervision.ts';
import { openLogProbe } from './log-probe.ts';

/** What a check of a run has found that listens only on other ports than its reserved one. */
export interface Sighting {
  readonly ports: readonly number[];
  /** As part of a sentence: `it listens on 5173 instead of its reserved port 4000`. */
  readonly awaited: string;
  /** It has printed the address of one of these ports. */
  readonly isAnnounced: boolean;
  /** No other process of the run could still open the reserved port. */
  readonly isOnlyServer: boolean;
}

/** How long the ports must not change: a program may open a port for its metrics before that of its server. */
const announcedForMs = 1_000;
const unannouncedForMs = 3_000;

const firstPauseMs = 500;
const pauseGrowth = 1.5;
const maxPauseMs = 1_000;

/**
 * Notices in the background that a run listens on other ports than its reserved one, and whether it is going to stay that
 * way, so that nobody has to wait until the timeout.
 */
export class PlacementWatch {
  readonly #look: () => Promise<Sighting | undefined>;
  readonly #nowMs: () => number;
  readonly close: () => void;
  #pauseMs = firstPauseMs;
  #dueAtMs: number;
  #isLooking = false;
  #failure: { readonly error: unknown } | undefined;
  #seen: (Sighting & { readonly sinceMs: number; readonly isFinal: boolean }) | undefined;

  constructor(look: () => Promise<Sighting | undefined>, nowMs: () => number, close: () => void = () => undefined) {
    this.#look = look;
    this.#nowMs = nowMs;
    this.close = close;
    this.#dueAtMs = nowMs();
  }

  /** Starts the next check if it is due. */
  check(): void {
    if (this.#failure) throw this.#failure.error;
    if (this.#isLooking || this.#nowMs() < this.#dueAtMs) return;
    this.#isLooking = true;
    this.#look()
      .then((sighting) => {
        this.#seen = sighting && this.#judge(sighting);
      })
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .finally(() => {
        this.#isLooking = false;
        this.#dueAtMs = this.#nowMs() + this.#pauseMs;
        this.#pauseMs = Math.min(this.#pauseMs * pauseGrowth, maxPauseMs);
      });
  }

  /** Where it listens instead, as part of a sentence; undefined if it does not listen on the wrong port. */
  get awaited(): string | undefined {
    return this.#seen?.awaited;
  }

  /** Whether it is not going to listen on its reserved port. */
  get isFinal(): boolean {
    return this.#seen?.isFinal ?? false;
  }

  #judge(sighting: Sighting) {
    const nowMs = this.#nowMs();
    const isSame = String(this.#seen?.ports) === String(sighting.ports);
    const sinceMs = (isSame && this.#seen?.sinceMs) || nowMs;
    const forMs = sighting.isAnnounced ? announcedForMs : unannouncedForMs;
    return { ...sighting, sinceMs, isFinal: sighting.isOnlyServer && nowMs - sinceMs >= forMs };
  }
}

/** Must be closed. */
export function openPlacementWatch(supervision: Supervision, run: Run): PlacementWatch {
  let seen: ReadonlySet<string> = new Set();
  let isElsewhere = false;
  let announcement: { readonly ports: string; readonly probe: ReturnType<typeof openLogProbe> } | undefined;

  const isAnnounced = async (listensOn: readonly number[]): Promise<boolean> => {
    const ports = listensOn.join('|');
    if (announcement?.ports !== ports) {
      announcement?.probe.close();
      // `http://localhost:5173/`, `port 5173`
      const text = `(?i)(?::|\\bport[ :=]+)(?:${ports})\\b`;
      announcement = { ports, probe: openLogProbe(supervision, run, { kind: 'log', text, isRegex: true }) };
    }
    return announcement.probe.check();
  };

  const look = async (): Promise<Sighting | undefined> => {
    const machineSnapshot = takeMachineSnapshot(supervision.processes, run.shim?.startToken);
    const { ids } = machineSnapshot.sockets();
    // Searching the processes takes as long as reading the sockets, and is not needed while nobody opens one.
    if ([...ids].every((id) => seen.has(id)) && !isElsewhere) return undefined;
    seen = ids;
    const inspected = await inspectPort(supervision, run, { machineSnapshot });
    isElsewhere = inspected !== undefined && listensElsewhere(inspected.portCheck);
    if (inspected === undefined || !isElsewhere) return undefined;
    const { portCheck } = inspected;
    const owner = await findPortOwner(supervision, portCheck);
    return {
      ports: portCheck.listensOn,
      awaited: `it ${describePortCheck({ ...portCheck, owner, isFine: false, fix: null })}`,
      isAnnounced: await isAnnounced(portCheck.listensOn),
      isOnlyServer: isOnlyServer(inspected),
    };
  };
  return new PlacementWatch(look, supervision.waiting.nowMs, () => announcement?.probe.close());
}

function listensElsewhere(portCheck: PortCheck): boolean {
  return portCheck.listensOn.length > 0 && !servesPort(portCheck);
}

/** Whether every process of the run is an ancestor or a descendant of one that listens. Pure. */
export function isOnlyServer({ members, listeners }: Pick<InspectedPort, 'members' | 'listeners'>): boolean {
  const parents = new Map(members.map(({ pid, ppid }) => [pid, ppid]));
  const lineOf = (pid: number): readonly number[] => {
    const line: number[] = [];
    for (let next: number | undefined = pid; next !== undefined && !line.includes(next); next = parents.get(next))
      line.push(next);
    return line;
  };
  const servers = [...new Set(listeners.map(({ process }) => process.pid))].map(lineOf);
  return members.every(({ pid }) => {
    const line = lineOf(pid);
    return servers.some((server) => server.includes(pid) || line.includes(server[0] ?? 0));
  });
}
