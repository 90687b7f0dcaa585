import type { CandleEvent, ServiceStartedEvent, ServiceStoppedEvent } from '@candle/documents';
import type { Reservation } from '../reservations/reservation.ts';
import type { Run } from '../runs/run.ts';
import type { RunEnd } from '../runs/run-status.ts';

/** An event for plugins. The process that made a change raises the event after the change is in the database. */
export type { CandleEvent };
/** These are also the names of the plugin hooks. */
export type CandleEventKind = CandleEvent['kind'];

export function portReserved({ port, projectDir, serviceName, reservedAtMs }: Reservation): CandleEvent {
  return { kind: 'port-reserved', atMs: reservedAtMs, projectDir, serviceName, port };
}

export function portReleased({ port, projectDir, serviceName }: Reservation, atMs: number): CandleEvent {
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
