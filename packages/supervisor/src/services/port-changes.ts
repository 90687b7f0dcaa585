import type { PortClaim, PortMove, Reservation } from '@candle/core';
import type { Outcomes } from './outcomes.ts';
import type { StartedService } from './started-service.ts';

/** A running service whose environment contains a port that has since been moved. */
export interface OutdatedService {
  readonly name: string;
  readonly projectDir: string;
  readonly runId: string;
  readonly moves: readonly PortMove[];
}

/** How the ports of the project changed before anything was started. */
export interface PortChanges {
  /** Services that did not get their preferred port. */
  readonly fallbacks: readonly PortClaim[];
  /** Existing reservations of services for which the user asked for a different port. */
  readonly kept: readonly { readonly reservation: Reservation; readonly preferred: number }[];
  readonly moved: readonly PortMove[];
  readonly outdated: readonly OutdatedService[];
}

export const noPortChanges: PortChanges = { fallbacks: [], kept: [], moved: [], outdated: [] };

/** The result of a start of any kind. */
export interface StartedServices extends Outcomes<StartedService> {
  readonly ports: PortChanges;
}
