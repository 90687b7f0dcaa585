import type { Reservation } from '../reservations/reservation.ts';
import type { EndReason, Run, RunEnd } from '../runs/run.ts';

/** What has happened, as plugins are told: said after it stands in the ledger, by whoever has written it there. */
export type CandleEvent = PortEvent | ServiceStartedEvent | ServiceStoppedEvent;

/** Also the names of the hooks. */
export type CandleEventKind = CandleEvent['kind'];

interface EventParts {
  readonly atMs: number;
  readonly projectDir: string;
}

export interface PortEvent extends EventParts {
  readonly kind: 'port-reserved' | 'port-released';
  readonly port: number;
  /** Null for a port of the project itself. */
  readonly serviceName: string | null;
}

interface RunEventParts extends EventParts {
  readonly serviceName: string;
  /** Null without a reservation. */
  readonly port: number | null;
  readonly runId: string;
  readonly pid: number | null;
}

/** The start of a run is certain. */
export interface ServiceStartedEvent extends RunEventParts {
  readonly kind: 'service-started';
  /** 0: somebody asked for it; n: the nth restart in a row by its policy. */
  readonly attempt: number;
}

/** A run is over, a start that failed too. */
export interface ServiceStoppedEvent extends RunEventParts {
  readonly kind: 'service-stopped';
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly reason: EndReason;
}

export function portReserved({ port, projectDir, serviceName, reservedAtMs }: Reservation): PortEvent {
  return { kind: 'port-reserved', atMs: reservedAtMs, projectDir, serviceName, port };
}

export function portReleased({ port, projectDir, serviceName }: Reservation, atMs: number): PortEvent {
  return { kind: 'port-released', atMs, projectDir, serviceName, port };
}

export function serviceStarted(run: Run, atMs: number): ServiceStartedEvent {
  return { kind: 'service-started', atMs, ...partsOf(run), attempt: run.attempt };
}

export function serviceStopped(run: Run, end: RunEnd): ServiceStoppedEvent {
  const { endedAtMs, exitCode, exitSignal, endReason } = end;
  return { kind: 'service-stopped', atMs: endedAtMs, ...partsOf(run), exitCode, exitSignal, reason: endReason };
}

function partsOf({ projectDir, serviceName, port, id, shim }: Run) {
  return { projectDir, serviceName, port, runId: id, pid: shim?.pid ?? null };
}
