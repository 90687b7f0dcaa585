import type { PortMove } from '@candle/core';
import type { Outcomes } from './outcomes.ts';
import type { StartedService } from './started-service.ts';

/** A service did not get the number that it prefers. */
export interface DisplacedPort {
  readonly serviceName: string;
  readonly preferred: number;
  /** What it has now. */
  readonly port: number;
  /** `kept`: it had this reservation already. */
  readonly by: 'reserved' | 'listener' | 'excluded' | 'kept';
  /** Whose the preferred number is, when it is reserved. */
  readonly owner?: { readonly serviceName: string | null; readonly projectDir: string } | undefined;
}

/** A service that runs with a number in its environment that belongs to another one no more. */
export interface OutdatedService {
  readonly name: string;
  readonly projectDir: string;
  readonly runId: string;
  readonly moves: readonly PortMove[];
}

/** What became of the project's ports before anything was started. */
export interface PortChanges {
  readonly displaced: readonly DisplacedPort[];
  readonly moved: readonly PortMove[];
  readonly outdated: readonly OutdatedService[];
}

export const noPortChanges: PortChanges = { displaced: [], moved: [], outdated: [] };

/** What a start, of whatever kind, has come to. */
export interface StartedServices extends Outcomes<StartedService> {
  readonly ports: PortChanges;
}
