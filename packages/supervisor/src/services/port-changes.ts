import type { PortClaim, PortMove, Reservation } from '@candle/core';
import type { Outcomes } from './outcomes.ts';
import type { StartedService } from './started-service.ts';

/** A service that runs with a number in its environment that has been moved. */
export interface OutdatedService {
  readonly name: string;
  readonly projectDir: string;
  readonly runId: string;
  readonly moves: readonly PortMove[];
}

/** What became of the project's ports before anything was started. */
export interface PortChanges {
  /** Services that did not get the number that they prefer. */
  readonly fallbacks: readonly PortClaim[];
  /** Reservations that were there already, of services for which another number was typed. */
  readonly kept: readonly { readonly reservation: Reservation; readonly preferred: number }[];
  readonly moved: readonly PortMove[];
  readonly outdated: readonly OutdatedService[];
}

export const noPortChanges: PortChanges = { fallbacks: [], kept: [], moved: [], outdated: [] };

/** What a start, of whatever kind, has come to. */
export interface StartedServices extends Outcomes<StartedService> {
  readonly ports: PortChanges;
}
