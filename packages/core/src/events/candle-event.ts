import type { Reservation } from '../reservations/reservation.ts';
import type { Run } from '../runs/run.ts';
import type { EndReason, RunEnd } from '../runs/run-status.ts';

/** An event for plugins. The process that made a change raises the event after the change is in the database. */
export type CandleEvent = PortEvent | ServiceStartedEvent | ServiceStoppedEvent;

/** These are also the names of the plugin hooks. */
export type CandleEventKind = CandleEvent['kind'];

interface EventParts {
  readonly atMs: number;
  readonly projectDir: string;
}

export interface PortEvent extends EventParts {
  readonly kind: 'port-reserved' | 'port-released';
  readonly port: number;
  /** Null for a project-level port. */
  readonly serviceName: string | null;
}

interface RunEventParts extends EventParts {
  readonly serviceName: string;
  /** Null without a reservation. */
  readonly port: number | null;
  readonly runId: string;
  readonly pid: number | null;
}

/** The start of a run is confirmed. */
export interface ServiceStartedEvent extends RunEventParts {
  readonly kind: 'service-started';
  /** 0: started on request; n: the nth consecutive restart by the service's restart policy. */
  readonly attempt: number;
}

/** A run ended; also raised when a start failed. */
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
